/** One engine per home, with real processes that are killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placesIn } from '../../src/config.ts';
import { engineProcessOf, takeEngineLock, tryEngineLock } from '../../src/engine/engine-lock.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/engine/lock.ts');
let home = '';
const children = new Set<ChildProcess>();
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pawl-lock-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  rmSync(home, { recursive: true, force: true });
});

async function racer(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [FIXTURE, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const [said] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, said: String(said) };
}

it('has exactly one winner of each race, whoever was killed before', async () => {
  for (let round = 0; round < 4; round += 1) {
    const racers = await Promise.all(Array.from({ length: 6 }, racer));
    const winners = racers.filter(({ said }) => said === 'held');
    expect(winners).toHaveLength(1);
    const [winner] = winners;
    expect(engineProcessOf(home)?.pid).toBe(winner?.child.pid);
    for (const { said } of racers.filter((one) => one !== winner)) {
      expect(said).toMatch(
        new RegExp(`^refused another engine runs in ${home} \\(pid ${winner?.child.pid}, since `),
      );
    }
    const ended = winner && once(winner.child, 'exit');
    winner?.child.kill('SIGKILL');
    await ended;
    expect(engineProcessOf(home)).toBeUndefined();
  }
});

it('is free again after release, and leaves no note', async () => {
  const lock = await takeEngineLock(home);
  expect(engineProcessOf(home)?.pid).toBe(process.pid);
  expect(tryEngineLock(home)).toBeUndefined();
  lock.release();
  lock.release();
  expect(existsSync(placesIn(home).engineProcess)).toBe(false);
  (await takeEngineLock(home)).release();
});

it('notices that its file was removed or replaced, and then takes no successor’s note away', async () => {
  const lock = await takeEngineLock(home);
  expect(lock.stillHeld()).toBe(true);
  rmSync(home, { recursive: true });
  expect(lock.stillHeld()).toBe(false);
  const successor = await takeEngineLock(home);
  expect(lock.stillHeld()).toBe(false);
  expect(successor.stillHeld()).toBe(true);
  lock.release();
  expect(engineProcessOf(home)?.pid).toBe(process.pid);
  successor.release();
});

it.each(['', '{', '{"pid":"x"}', 'null', '\0\0'])('reads a torn note as nobody: %j', (text) => {
  writeFileSync(placesIn(home).engineProcess, text);
  expect(engineProcessOf(home)).toBeUndefined();
});

it('says what is wrong with a lock file that is none', () => {
  writeFileSync(placesIn(home).lock, 'not a database, but long enough to be taken for one'.repeat(100));
  expect(() => tryEngineLock(home)).toThrow(/is not writable \(file is not a database\)/);
});
