/** Upkeep of a mirror beside workspaces that live, and of what those that are gone have left. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { expiryMs, heapOf, maintainMirrors, needsUpkeep } from '../../../src/adapters/git/mirror-upkeep.ts';
import { newRepository, newTask, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

const DAY_MS = 24 * 60 * 60_000;
const NEVER = new AbortController().signal;

it.each([
  ['little', { looseObjects: 1_000, looseKib: 20 * 1024, packs: 20 }, false],
  ['many loose objects', { looseObjects: 1_001, looseKib: 0, packs: 0 }, true],
  ['much loose', { looseObjects: 1, looseKib: 20 * 1024 + 1, packs: 0 }, true],
  ['many packs', { looseObjects: 0, looseKib: 0, packs: 21 }, true],
])('a mirror with %s', (_what, heap, needed) => {
  expect(needsUpkeep(heap)).toBe(needed);
});

it('nothing is taken out that is younger than a day, or than a day before the oldest workspace', () => {
  const ms = fc.integer({ min: 0, max: 2 ** 45 });
  fc.assert(
    fc.property(ms, fc.array(ms), (nowMs, madeAt) => {
      const expiry = expiryMs(nowMs, madeAt);
      expect(expiry).toBeGreaterThanOrEqual(0);
      for (const at of [nowMs, ...madeAt]) expect(expiry).toBeLessThanOrEqual(Math.max(0, at - DAY_MS));
    }),
  );
});

/** What no packing makes small. */
const noise = () =>
  execFileSync('head', ['-c', String(25 * 1024 * 1024), '/dev/urandom'], { maxBuffer: 2 ** 26 });

/** All that lies loose in a mirror, so many days older than it is. */
function age(mirror: string, days: number): void {
  const seconds = (Date.now() - days * DAY_MS) / 1_000;
  const objects = join(mirror, 'objects');
  for (const entry of readdirSync(objects, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), seconds, seconds);
}

const kibOf = (folder: string): number =>
  Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]);
const has = (mirror: string, oid: string): boolean => {
  try {
    userGit(mirror, 'cat-file', '-e', oid);
    return true;
  } catch {
    return false;
  }
};

async function worldWithMuch() {
  const world = newWorld();
  const { workspaces, task, places } = world;
  const { path } = await workspaces.prepare(task);
  put(path, { 'large.bin': noise(), 'small.txt': 'small' });
  const { tree } = await workspaces.snapshot(task);
  const mirror = mirrorOf(places.mirrors, task.repository);
  return { ...world, path, tree: tree ?? expect.fail('no tree'), mirror };
}

describe('a file of 25 MiB that an attempt made', () => {
  it('goes once the workspace is gone and a day has passed', async () => {
    const { workspaces, task, places, mirror, tree } = await worldWithMuch();
    await workspaces.remove(task);
    expect(await maintainMirrors(places.mirrors, NEVER)).toBe(1);
    // Young still.
    expect(has(mirror, tree)).toBe(true);
    age(mirror, 2);
    expect(await maintainMirrors(places.mirrors, NEVER)).toBe(1);
    expect(has(mirror, tree)).toBe(false);
    expect(kibOf(mirror)).toBeLessThan(1024);
    // There is nothing more to do.
    expect(await maintainMirrors(places.mirrors, NEVER)).toBe(0);
  });

  it('stays as long as the workspace does, and can be restored', async () => {
    const { workspaces, task, places, mirror, tree, path } = await worldWithMuch();
    const before = readFileSync(join(path, 'large.bin'));
    await workspaces.commit(task, 'work', 'key');
    put(path, { 'large.bin': 'other' });
    expect(await maintainMirrors(places.mirrors, NEVER, () => Date.now() + 30 * DAY_MS)).toBe(1);
    await workspaces.restore(task, tree);
    expect(readFileSync(join(path, 'large.bin')).equals(before)).toBe(true);
    userGit(mirror, 'fsck', '--connectivity-only', '--no-dangling');
  });
});

it('what other workspaces lean on stays, and they work on', async () => {
  const { workspaces, task, places, mirror, repository } = await worldWithMuch();
  const other = newTask(repository);
  const { path } = await workspaces.prepare(other);
  put(path, { 'other.txt': 'other' });
  const commit = (await workspaces.commit(other, 'other', 'key')) ?? expect.fail('no commit');
  await workspaces.remove(task);
  age(mirror, 3);
  await maintainMirrors(places.mirrors, NEVER);
  expect(userGit(path, 'log', '--format=%s')).toContain('other');
  expect(await workspaces.files(other, commit)).toContain('other.txt');
  userGit(path, 'fsck', '--connectivity-only', '--no-dangling');
});

it('stops before the next mirror, and takes a folder that is not there for an empty one', async () => {
  const { places, mirror } = await worldWithMuch();
  expect(await maintainMirrors(places.mirrors, AbortSignal.abort())).toBe(0);
  expect((await heapOf(mirror)).looseObjects).toBeGreaterThan(0);
  expect(await maintainMirrors(join(places.home, 'nowhere'), NEVER)).toBe(0);
  expect(existsSync(join(places.home, 'nowhere'))).toBe(false);
});

it('is for mirrors of submodules as well, of which all stays that a remote has', async () => {
  const library = newRepository({ 'lib.txt': 'lib\n' });
  const { workspaces, task, places, repository } = newWorld();
  userGit(repository, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  userGit(repository, 'commit', '-qm', 'with a library');
  const { path, baseCommit: base } = await workspaces.prepare(task);
  await workspaces.submodules(task, { base, commit: base, wanted: true });
  const folder = join(mirrorOf(places.mirrors, task.repository), 'submodules');
  const [name = ''] = readdirSync(folder);
  const mirror = join(folder, name);
  const file = join(scratchFolder('large'), 'large.bin');
  writeFileSync(file, noise());
  const large = userGit(mirror, 'hash-object', '-w', file);
  age(mirror, 2);
  expect(await maintainMirrors(places.mirrors, NEVER)).toBe(1);
  expect(has(mirror, large)).toBe(false);
  expect(has(mirror, userGit(library, 'rev-parse', 'HEAD'))).toBe(true);
  userGit(join(path, 'lib'), 'fsck', '--connectivity-only', '--no-dangling');
});
