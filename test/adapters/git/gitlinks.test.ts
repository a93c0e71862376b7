/** What a submodule in a workspace comes to in the change: as plain git says, and without a git that works by its settings. */
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitFiles, newRepository, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';

const FILES = ['-c', 'protocol.file.allow=always'];

async function withLibrary() {
  const remote = newRepository({ 'lib.txt': 'one\n' });
  const world = newWorld();
  const { repository, workspaces, task } = world;
  userGit(repository, ...FILES, 'submodule', '--quiet', 'add', remote, 'vendor/lib');
  userGit(repository, 'commit', '-qm', 'with the library');
  const { path } = await workspaces.prepare(task);
  userGit(path, ...FILES, 'submodule', '--quiet', 'update', '--init');
  await workspaces.noteSetup(task);
  return { ...world, path, library: join(path, 'vendor/lib') };
}
type Working = Awaited<ReturnType<typeof withLibrary>>;

const ROWS: readonly (readonly [string, (working: Working) => void])[] = [
  ['as it was', () => undefined],
  [
    'with changes that are in no commit',
    ({ library }) => put(library, { 'lib.txt': 'mine\n', 'new.txt': 'n\n' }),
  ],
  ['at a commit on no branch', ({ library }) => void commitFiles(library, { 'lib.txt': 'two\n' })],
  [
    'at a commit on a branch',
    ({ library }) => {
      userGit(library, 'switch', '-qc', 'mine');
      commitFiles(library, { 'lib.txt': 'two\n' });
    },
  ],
  [
    'at a commit on a branch that is packed',
    ({ library }) => {
      userGit(library, 'switch', '-qc', 'mine');
      commitFiles(library, { 'lib.txt': 'two\n' });
      userGit(library, 'pack-refs', '--all', '--prune');
    },
  ],
  [
    'on a branch without a commit',
    ({ library }) => void userGit(library, 'switch', '-q', '--orphan', 'none'),
  ],
  ['without its repository', ({ library }) => rmSync(join(library, '.git'))],
  [
    'with an empty folder',
    ({ library }) => {
      rmSync(library, { recursive: true });
      mkdirSync(library);
    },
  ],
  ['without its folder', ({ library }) => rmSync(library, { recursive: true })],
  [
    'with a repository of its own in its folder',
    ({ path, library }) => {
      commitFiles(library, { 'lib.txt': 'two\n' });
      rmSync(join(library, '.git'));
      renameSync(join(path, '.git/modules/vendor/lib'), join(library, '.git'));
      userGit(path, 'config', '--file', join(library, '.git/config'), '--unset', 'core.worktree');
    },
  ],
  [
    'in whose place is a file',
    ({ library }) => {
      rmSync(library, { recursive: true });
      writeFileSync(library, 'file\n');
    },
  ],
  [
    'in whose place is a link',
    ({ library }) => {
      rmSync(library, { recursive: true });
      symlinkSync('../src', library);
    },
  ],
  [
    'behind a link',
    ({ path }) => {
      renameSync(join(path, 'vendor'), join(path, 'moved'));
      symlinkSync('moved', join(path, 'vendor'));
    },
  ],
  [
    'that is moved',
    ({ path }) => {
      userGit(path, 'mv', 'vendor/lib', 'lib');
    },
  ],
  [
    'beside a second one',
    ({ path }) => {
      userGit(path, ...FILES, 'submodule', '--quiet', 'add', newRepository({ x: 'x' }), 'other');
    },
  ],
  [
    'that is taken out',
    ({ path }) => {
      userGit(path, 'rm', '-q', 'vendor/lib');
    },
  ],
];

it.each(ROWS)('is what git takes of one %s', async (_, work) => {
  const working = await withLibrary();
  const { workspaces, task, path } = working;
  work(working);
  // Twice: what a first look has put into the index is looked at by the second.
  await workspaces.snapshot(task);
  const { tree } = await workspaces.snapshot(task);
  userGit(path, 'add', '--all');
  expect(tree).toBe(userGit(path, 'write-tree'));
});

it('has none of its programs run', async () => {
  const working = await withLibrary();
  const { workspaces, task, path, library } = working;
  const trace = join(scratchFolder('trace'), 'ran');
  const program = join(scratchFolder('program'), 'program');
  writeFileSync(program, `#!/bin/sh\necho ran >> "${trace}"\ncat\n`);
  chmodSync(program, 0o755);
  for (const name of ['filter.evil.clean', 'filter.evil.process', 'core.fsmonitor', 'diff.external'])
    userGit(library, 'config', name, program);
  put(path, { '.git/modules/vendor/lib/info/attributes': '* filter=evil\n' });
  // Of the same size, so that only its content tells.
  put(library, { 'lib.txt': 'two\n' });
  put(path, { 'y.txt': 'y\n' });
  await workspaces.snapshot(task);
  expect(await workspaces.commit(task, 'work', 'k')).toMatch(/^[0-9a-f]{40}$/);
  expect(existsSync(trace)).toBe(false);
  // The trap works: git itself does run it.
  userGit(path, 'add', '--all');
  expect(existsSync(trace)).toBe(true);
});

it.each([
  ['without a submodule no git', false],
  ['with one, git', true],
])('%s is asked about them', async (_, isOne) => {
  const { workspaces, task, path } = isOne ? await withLibrary() : await withNone();
  put(path, { 'y.txt': 'y\n' });
  userGit(path, 'add', '--all');
  const started: ChildProcess[] = [];
  // As Node tells it, before the program is known.
  const note = (told: unknown) => started.push((told as { process: ChildProcess }).process);
  subscribe('child_process', note);
  await workspaces.snapshot(task);
  unsubscribe('child_process', note);
  const asked = started.map(({ spawnargs }) => spawnargs.join(' '));
  expect(asked.some((args) => args.includes(' add '))).toBe(true);
  expect(asked.some((args) => args.includes('ls-files'))).toBe(isOne);
});

async function withNone() {
  const world = newWorld();
  return { ...world, ...(await world.workspaces.prepare(world.task)) };
}
