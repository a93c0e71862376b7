/** `submodules` of `pawl.yaml`: the engine checks them out, in the workspace and where checks run. Real git. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../src/adapters/git/mirror.ts';
import { commitFiles, filesBelow, newWorld, put, userGit } from '../adapters/scratch-repository.ts';
import { prepareIn } from './check-rig.ts';
import { addSubmodule, forget, newLibraries, working } from './submodule-rig.ts';

const OF_LIBRARY = ['.gitignore', '.gitmodules', 'inner/inner.txt', 'lib.txt'].map(
  (name) => `vendor/lib/${name}`,
);

describe('a wanted submodule', () => {
  it.each([
    ['fetched', false],
    ['as the user has it checked out', true],
  ])('is in the workspace with its own, %s, and git there answers as in a clone', async (_, clone) => {
    const { path, problems, repository, library, workspaces, task } = await working({ clone });
    expect(problems).toEqual([]);
    expect(filesBelow(path)).toEqual(['.gitmodules', 'a.txt', 'pawl.yaml', ...OF_LIBRARY].sort());
    const there = userGit(repository, 'ls-tree', '--object-only', 'main', 'vendor/lib');
    expect(userGit(path, 'submodule', 'status', '--recursive').split('\n')).toMatchObject([
      expect.stringMatching(new RegExp(`^ ?${there} vendor/lib`)),
      expect.stringContaining(' vendor/lib/inner'),
    ]);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    expect(userGit(join(path, 'vendor/lib'), 'log', '--format=%s').split('\n')).toHaveLength(2);
    expect(userGit(join(path, 'vendor/lib'), 'remote', 'get-url', 'origin')).toBe(library);
    expect(userGit(join(path, 'vendor/lib'), 'fsck', '--connectivity-only')).toBe('');
    expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
  });

  it('is one that is named, and no other', async () => {
    const other = await working({ wanted: ['vendor', 'other'] });
    expect(other.problems).toEqual(['there is no submodule vendor', 'there is no submodule other']);
    expect(existsSync(join(other.path, 'vendor/lib/lib.txt'))).toBe(false);
    const named = await working({ wanted: ['vendor/lib'] });
    expect(existsSync(join(named.path, 'vendor/lib/inner/inner.txt'))).toBe(true);
    const none = await working({ wanted: false });
    expect(existsSync(join(none.path, 'vendor/lib/lib.txt'))).toBe(false);
  });

  it('is where checks run as the commit has it, whatever is in the workspace', async () => {
    const { check, path } = await working();
    put(path, { 'vendor/lib/lib.txt': 'not committed\n', 'vendor/lib/new.txt': 'n\n', 'y.txt': 'y\n' });
    const run = [
      'sh',
      '-c',
      'grep -q one vendor/lib/lib.txt && test ! -e vendor/lib/new.txt && test -e vendor/lib/inner/inner.txt && git submodule status',
    ];
    expect(await check(run)).toMatchObject({ evidence: [{ passed: true }] });
    // What a check leaves there is gone for the next.
    const dirty = [
      'sh',
      '-c',
      'echo two > vendor/lib/lib.txt; echo x > vendor/lib/x; echo x > vendor/lib/inner/x; git -C vendor/lib config core.fsmonitor /bin/false; rm -r vendor/lib/inner/inner.txt',
    ];
    put(path, { 'y.txt': 'z\n' });
    expect(await check(dirty)).toMatchObject({ evidence: [{ passed: true }] });
    put(path, { 'y.txt': 'zz\n' });
    const clean = [
      'sh',
      '-c',
      `${run[2]} && test ! -e vendor/lib/x && test ! -e vendor/lib/inner/x && test -z "$(git -C vendor/lib config core.fsmonitor)"`,
    ];
    expect(await check(clean)).toMatchObject({ evidence: [{ passed: true }] });
  });

  it('keeps what set-up left in it, which runs once', async () => {
    const { check, path, at } = await working();
    const setup = ['sh', '-c', 'mkdir -p vendor/lib/node_modules && echo ran >> vendor/lib/node_modules/out'];
    const run = ['sh', '-c', 'test -e vendor/lib/node_modules/out && test -e vendor/lib/lib.txt'];
    for (const text of ['y\n', 'z\n']) {
      put(path, { 'y.txt': text });
      expect(await check(run, { setup })).toMatchObject({ evidence: [{ passed: true }] });
    }
    expect(readFileSync(join(at, 'vendor/lib/node_modules/out'), 'utf8')).toBe('ran\n');
  });
});

describe('before an agent is paid', () => {
  const prepared = async (oid?: string, wanted = './vendor/lib/') => {
    const { library } = newLibraries();
    const setup = 'setup: sh -c "test -e vendor/lib/inner/inner.txt"\n';
    const world = newWorld({ 'a.txt': 'a\n', 'pawl.yaml': `submodules: [${wanted}]\n${setup}` });
    addSubmodule(world.repository, library, 'vendor/lib');
    forget(world.repository);
    if (oid !== undefined) {
      userGit(world.repository, 'update-index', '--cacheinfo', `160000,${oid},vendor/lib`);
      userGit(world.repository, 'commit', '-qm', 'nowhere');
    }
    return { library, prepare: () => prepareIn(world) };
  };

  it('submodules are there for set-up', async () => {
    expect(await (await prepared()).prepare()).toMatchObject({ setup: { durationMs: expect.any(Number) } });
  });

  it('one that there is not ends the step as a set-up that failed', async () => {
    await expect((await prepared(undefined, 'vendor')).prepare()).rejects.toMatchObject({
      type: 'setup_failed',
      message: 'pawl.yaml of main wants submodules: there is no submodule vendor',
    });
  });

  it('one that cannot be had ends the step, in words', async () => {
    const { prepare, library } = await prepared('1'.repeat(40));
    await expect(prepare()).rejects.toMatchObject({
      type: 'setup_failed',
      message: `pawl.yaml of main wants submodules: submodule vendor/lib is at ${'1'.repeat(40)}, which ${library} does not have: push it there`,
    });
  });
});

it('is whole again where its files were about to be written when the process died', async () => {
  const { workspaces, task, path, baseCommit, places } = await working();
  const folder = join(path, 'vendor/lib');
  commitFiles(folder, { 'lib.txt': 'two\n' });
  // Its files cannot be written: the engine's own index of it is in the way.
  const state = join(mirrorOf(places.mirrors, task.repository), 'pawl', task.id, 'submodules');
  const [own = ''] = readdirSync(state).filter((name) => existsSync(join(state, name, 'index')));
  rmSync(join(state, own), { recursive: true });
  writeFileSync(join(state, own), '');
  await expect(workspaces.restore(task, baseCommit)).rejects.toThrow();
  rmSync(join(state, own));
  await workspaces.restore(task, baseCommit);
  expect(readFileSync(join(folder, 'lib.txt'), 'utf8')).toBe('one\n');
});

it('gives way to a folder where the base has one in its place', async () => {
  const { workspaces, checkOut, task, path, at, commit, baseCommit, repository } = await working();
  put(path, { 'y.txt': 'y\n' });
  const head = await commit();
  await checkOut(head);
  userGit(repository, 'rm', '-q', 'vendor/lib');
  const base = commitFiles(repository, { 'vendor/lib/own.txt': 'own\n' });
  await workspaces.mergeBase(task, head, baseCommit, base);
  await checkOut(await workspaces.head(task));
  for (const there of [path, at]) {
    expect(filesBelow(there)).toEqual(['.gitmodules', 'a.txt', 'pawl.yaml', 'vendor/lib/own.txt', 'y.txt']);
    expect(userGit(there, 'status', '--porcelain', '--ignored')).toBe('');
  }
  expect((await workspaces.snapshot(task)).changedFiles).toEqual([
    '.gitmodules',
    'vendor/lib',
    'vendor/lib/own.txt',
    'y.txt',
  ]);
});
