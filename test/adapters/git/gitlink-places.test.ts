/** What stands where a submodule is or was, whatever an agent made of it and however far it has come with that. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newRepository, newTask, newWorld, put, userGit } from '../scratch-repository.ts';

const FILES = ['-c', 'protocol.file.allow=always'];
const LIBRARY = newRepository({ 'f.txt': 'f\n' });
const OTHER = newRepository({ 'other.txt': 'o\n' });
const NEWER = 'a'.repeat(40);

const FILLED = ['not checked out', 'by set-up', 'by the engine'] as const;
type Filled = (typeof FILLED)[number];

/** One for all: `git submodule add` alone takes half a second, and a task changes nothing in it. */
const WORLD = newWorld();
userGit(WORLD.repository, ...FILES, 'submodule', '--quiet', 'add', LIBRARY, 'vendor/lib');
userGit(WORLD.repository, 'commit', '-qm', 'with the library');

async function withSubmodule(filled: Filled) {
  const world = { ...WORLD, task: newTask(WORLD.repository) };
  const { workspaces, task } = world;
  const { path, baseCommit: base } = await workspaces.prepare(task);
  const wanted = filled === 'by the engine';
  expect(await workspaces.submodules(task, { base, commit: base, wanted })).toEqual([]);
  if (filled === 'by set-up') userGit(path, ...FILES, 'submodule', '--quiet', 'update', '--init');
  await workspaces.noteSetup(task);
  return { ...world, path, base, lib: join(path, 'vendor/lib'), filled };
}
type Working = Awaited<ReturnType<typeof withSubmodule>>;

/** Where the work is: `git add` is done by whoever works further than the files. */
const STAGES = ['only in the files', 'staged', 'committed'] as const;

const unnamed = (path: string) => put(path, { '.gitmodules': '' });
const renamed = (path: string) =>
  userGit(path, 'config', '--file', '.gitmodules', 'submodule.vendor/lib.path', 'vendor/lib2');

interface Row {
  /** Without git, as far as that can be. */
  readonly byHand?: (working: Working) => void;
  readonly byGit: (working: Working) => void;
  /** What is below `vendor` and of `lib`, `src` and `a.txt` afterwards, each with its kind. */
  readonly becomes: (filled: Filled) => readonly string[];
  readonly filled?: readonly Filled[];
}

const BESIDES = ['file a.txt', 'file src/b.txt'];

const ROWS: Readonly<Record<string, Row>> = {
  'a folder of its own files': {
    byHand: ({ path, lib }) => {
      rmSync(lib, { recursive: true });
      unnamed(path);
      put(lib, { 'own.txt': 'own\n' });
    },
    byGit: ({ path, lib }) => {
      userGit(path, 'rm', '-rq', 'vendor/lib');
      put(lib, { 'own.txt': 'own\n' });
      userGit(path, 'add', '--all');
    },
    becomes: () => [...BESIDES, 'file vendor/lib/own.txt'],
  },
  'its own files, without its repository': {
    byHand: ({ path, lib }) => {
      rmSync(join(lib, '.git'), { force: true });
      put(lib, { 'f.txt': 'mine\n' });
      unnamed(path);
    },
    byGit: ({ path, lib }) => {
      userGit(path, 'rm', '-q', '--cached', 'vendor/lib');
      rmSync(join(lib, '.git'), { force: true });
      put(lib, { 'f.txt': 'mine\n' });
      unnamed(path);
      userGit(path, 'add', '--all');
    },
    becomes: () => [...BESIDES, 'file vendor/lib/f.txt'],
  },
  'files that the agent tracks beside a repository': {
    byGit: ({ path, lib }) => {
      userGit(path, 'rm', '-q', '--cached', 'vendor/lib');
      renameSync(join(lib, '.git'), join(path, 'away'));
      unnamed(path);
      userGit(path, 'add', 'vendor', '.gitmodules');
      renameSync(join(path, 'away'), join(lib, '.git'));
    },
    becomes: () => [...BESIDES, 'file vendor/lib/f.txt'],
    filled: ['by set-up', 'by the engine'],
  },
  'one that nothing names any more': {
    byGit: ({ path }) => {
      userGit(path, 'rm', '-q', '--cached', 'vendor/lib');
      unnamed(path);
      userGit(path, 'add', '.gitmodules');
    },
    becomes: (filled) => [...BESIDES, ...(filled === 'not checked out' ? [] : ['file vendor/lib/f.txt'])],
  },
  'one at another path': {
    byHand: ({ path, lib }) => {
      renameSync(lib, `${lib}2`);
      renamed(path);
    },
    byGit: ({ path }) => {
      userGit(path, 'mv', 'vendor/lib', 'vendor/lib2');
    },
    becomes: () => [...BESIDES, 'submodule vendor/lib2'],
    // An empty folder that was moved without git says nothing, to git neither.
  },
  'one at another commit': {
    byGit: ({ path }) => {
      userGit(path, 'update-index', '--cacheinfo', `160000,${NEWER},vendor/lib`);
    },
    becomes: () => [...BESIDES, 'submodule vendor/lib'],
    filled: ['not checked out'],
  },
  'one of another repository': {
    byGit: ({ path }) => {
      userGit(path, 'rm', '-rq', 'vendor/lib');
      rmSync(join(path, '.git/modules/vendor/lib'), { recursive: true, force: true });
      userGit(path, ...FILES, 'submodule', '--quiet', 'add', OTHER, 'vendor/lib');
    },
    becomes: () => [...BESIDES, 'submodule vendor/lib'],
  },
  nothing: {
    byHand: ({ path, lib }) => {
      rmSync(lib, { recursive: true });
      unnamed(path);
    },
    byGit: ({ path }) => void userGit(path, 'rm', '-rq', 'vendor/lib'),
    becomes: () => BESIDES,
  },
  'an empty folder': {
    byGit: ({ path, lib }) => {
      userGit(path, 'rm', '-rq', 'vendor/lib');
      mkdirSync(lib, { recursive: true });
    },
    becomes: () => BESIDES,
  },
  'a file': {
    byHand: ({ path, lib }) => {
      rmSync(lib, { recursive: true });
      writeFileSync(lib, 'file\n');
      unnamed(path);
    },
    byGit: ({ path }) => {
      userGit(path, 'rm', '-rq', 'vendor/lib');
      put(path, { 'vendor/lib': 'file\n' });
      userGit(path, 'add', '--all');
    },
    becomes: () => [...BESIDES, 'file vendor/lib'],
  },
  'a link': {
    byGit: ({ path, lib }) => {
      userGit(path, 'rm', '-rq', 'vendor/lib');
      mkdirSync(join(path, 'vendor'), { recursive: true });
      symlinkSync('../src', lib);
      userGit(path, 'add', '--all');
    },
    becomes: () => [...BESIDES, 'link vendor/lib'],
  },
  'a folder that becomes one': {
    byGit: ({ path }) => {
      userGit(path, 'rm', '-rq', 'src');
      userGit(path, ...FILES, 'submodule', '--quiet', 'add', OTHER, 'src');
    },
    becomes: () => ['file a.txt', 'submodule src', 'submodule vendor/lib'],
  },
  'a file that becomes one': {
    byGit: ({ path }) => {
      userGit(path, 'rm', '-rq', 'a.txt');
      userGit(path, ...FILES, 'submodule', '--quiet', 'add', OTHER, 'a.txt');
    },
    becomes: () => ['submodule a.txt', 'file src/b.txt', 'submodule vendor/lib'],
  },
  'beside one more': {
    byGit: ({ path }) => void userGit(path, ...FILES, 'submodule', '--quiet', 'add', OTHER, 'vendor/other'),
    becomes: () => [...BESIDES, 'submodule vendor/lib', 'submodule vendor/other'],
  },
  'beside a clone that became one': {
    byGit: ({ path }) => {
      userGit(path, 'clone', '-q', OTHER, 'vendor/other');
      userGit(path, ...FILES, 'submodule', '--quiet', 'add', OTHER, 'vendor/other');
    },
    becomes: () => [...BESIDES, 'submodule vendor/lib', 'submodule vendor/other'],
  },
  'beside a clone that did not': {
    byGit: ({ path }) => {
      userGit(path, 'clone', '-q', OTHER, 'vendor/other');
      userGit(path, 'add', 'vendor/other');
    },
    becomes: () => [...BESIDES, 'submodule vendor/lib', 'file vendor/other/other.txt'],
  },
};

/** How far the agent has come makes no difference to what the submodule is filled by, so each is tried with one of them. */
const CASES = Object.entries(ROWS).flatMap(([name, { byHand, filled: some = FILLED }]) =>
  some.flatMap((filled, at) =>
    STAGES.filter((stage) =>
      stage === 'only in the files' ? byHand !== undefined : stage === 'committed' || at === 0,
    ).map((stage) => [name, filled, stage] as const),
  ),
);

const KINDS: Readonly<Record<string, string>> = { 100644: 'file', 120000: 'link', 160000: 'submodule' };
const shown = (path: string, treeish: string): readonly string[] =>
  userGit(path, 'ls-tree', '-r', treeish)
    .split('\n')
    .map((line) => {
      const [, mode = '', file] = /^(\d+) \S+ \S+\t(.*)$/.exec(line) ?? [];
      return `${KINDS[mode]} ${file}`;
    })
    .filter((line) => !/ \.git(?:modules|ignore)$/.test(line));

/** Rows in which the engine says more than an index of git's: a repository that no submodule is counts by its files. */
const SAYS_MORE = ['beside a clone that did not', 'one that nothing names any more'];

it.each(CASES)('%s, %s, %s', async (name, filled, stage) => {
  const working = await withSubmodule(filled);
  const { workspaces, task, path, base } = working;
  const row = ROWS[name] ?? expect.fail();
  (stage === 'only in the files' ? row.byHand : row.byGit)?.(working);
  const agents = stage === 'only in the files' ? undefined : userGit(path, 'write-tree');
  if (stage === 'committed') userGit(path, 'commit', '-qm', 'own');
  // Twice: what a first look has put into the engine's index is looked at by the second.
  await workspaces.snapshot(task);
  const { tree } = await workspaces.snapshot(task);
  const isLost =
    name === 'one at another path' && stage === 'only in the files' && filled === 'not checked out';
  const expected = isLost ? BESIDES : row.becomes(filled);
  expect(shown(path, tree)).toEqual(expected);
  if (agents !== undefined && !SAYS_MORE.includes(name)) expect(tree).toBe(agents);
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? expect.fail('nothing was committed');
  expect(userGit(path, 'rev-parse', `${commit}^{tree}`)).toBe(tree);
  // The next attempt finds it, and so does one that goes back to the base and comes again.
  expect((await workspaces.snapshot(task)).tree).toBe(tree);
  // The repository of another one stays at its path where the engine has none to put there.
  if (name === 'one of another repository' && filled !== 'by the engine') return;
  await workspaces.restore(task, base);
  expect((await workspaces.snapshot(task)).changedFiles).toEqual([]);
  await workspaces.restore(task, commit);
  expect((await workspaces.snapshot(task)).tree).toBe(tree);
});
