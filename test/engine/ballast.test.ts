/** The ballast file: made where there is ample room, given back when there is none, made again. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Ballast, keepBallast } from '../../src/engine/ballast.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';

const BYTES = 3 * 1024 * 1024 + 1;
let ballast: Ballast | undefined;
afterEach(async () => ballast?.stop());

function keep(free: number, bytes = BYTES, path = join(scratchFolder(), 'ballast')) {
  const told: string[] = [];
  const disk = { free, freeBytes: async () => disk.free };
  ballast = keepBallast(path, bytes, disk, (line) => told.push(line));
  return { path, disk, told };
}
const isThere = (path: string) =>
  expect.poll(() => existsSync(path) && statSync(path).size, { timeout: 10_000 });

it('takes room where there is four times as much, gives it back when little is left, and takes it again', async () => {
  const { path, disk, told } = keep(4 * BYTES);
  await isThere(path).toBe(BYTES);
  expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(BYTES);
  disk.free = BYTES / 4 - 1;
  await isThere(path).toBe(false);
  // It says so once the file is gone.
  await expect.poll(() => told).toEqual([expect.stringContaining('the disk is full')]);
  disk.free = 4 * BYTES - 1;
  await expect.poll(() => existsSync(path), { timeout: 2_000 }).toBe(false);
  disk.free = 4 * BYTES;
  await isThere(path).toBe(BYTES);
});

it('takes none where there is not so much, and one that is there stays', async () => {
  const path = join(scratchFolder(), 'ballast');
  writeFileSync(path, Buffer.alloc(BYTES));
  const { disk } = keep(BYTES, BYTES, path);
  await ballast?.stop();
  expect(existsSync(path)).toBe(true);
  expect(disk.free).toBe(BYTES);
});

it('keeps none where none is wanted', async () => {
  const path = join(scratchFolder(), 'ballast');
  writeFileSync(path, 'old');
  keep(1e12, 0, path);
  await isThere(path).toBe(false);
});

it('leaves no half of a file where it is stopped', async () => {
  const { path } = keep(1e12, 512 * 1024 * 1024);
  await ballast?.stop();
  expect(existsSync(`${path}.new`)).toBe(false);
});
