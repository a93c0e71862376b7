/** Submodules that an agent writes into its index to make the engine read elsewhere, run something, or fail. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newRepository, newWorld, put, scratchFolder, userGit } from '../scratch-repository.ts';
import { canary, plantHooks, settings } from './hostile-traps.ts';

const ANY = 'b'.repeat(40);
const HASH_BYTES = 20;

/** An index with a submodule at a path, which git itself would not write. */
function putGitlink(path: string, at: string, oid = ANY): void {
  const stand = 'x'.repeat(at.length);
  const other = 'c'.repeat(40);
  userGit(path, 'update-index', '--add', '--cacheinfo', `160000,${other},${stand}`);
  const file = join(path, '.git/index');
  const text = readFileSync(file).subarray(0, -HASH_BYTES).toString('latin1');
  const bytes = (hex: string) => Buffer.from(hex, 'hex').toString('latin1');
  const made = Buffer.from(text.replace(stand, at).replace(bytes(other), bytes(oid)), 'latin1');
  writeFileSync(file, Buffer.concat([made, createHash('sha1').update(made).digest()]));
  expect(userGit(path, 'ls-files', '--stage')).toContain(`160000 ${oid} 0\t${at}`);
}

const OUTSIDE = scratchFolder('outside');
mkdirSync(join(OUTSIDE, 'folder'));

it.each<[string, string, ((path: string) => void)?]>([
  ['beside the workspace', '../outside'],
  ['at the top of the machine', '/tmp'],
  ['of git itself', '.git/refs'],
  [
    'of git itself, in another writing',
    '.GIT/refs',
    (path) => mkdirSync(join(path, '.GIT/refs'), { recursive: true }),
  ],
  ['of git itself, as another system writes it', 'git~1', (path) => mkdirSync(join(path, 'git~1'))],
  ['of git further down', 'src/.git', (path) => mkdirSync(join(path, 'src/.git'))],
  ['of no name', 'src//x', (path) => mkdirSync(join(path, 'src/x'))],
  ['behind a link', 'away/folder', (path) => symlinkSync(OUTSIDE, join(path, 'away'))],
  ['whose folder is a link', 'away', (path) => symlinkSync(OUTSIDE, join(path, 'away'))],
])('a folder %s is none', async (_, at, work) => {
  const { workspaces, task } = newWorld();
  const { path } = await workspaces.prepare(task);
  work?.(path);
  putGitlink(path, at);
  put(path, { 'new.txt': 'new\n' });
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? expect.fail();
  const listed = userGit(path, 'ls-tree', '-r', commit);
  expect(listed).toContain('new.txt');
  expect(listed).not.toContain('160000');
});

it('one of those takes no other one along', async () => {
  const { workspaces, task, repository } = newWorld();
  userGit(repository, 'update-index', '--add', '--cacheinfo', `160000,${ANY},vendor/lib`);
  put(repository, { '.gitmodules': '[submodule "lib"]\n\tpath = vendor/lib\n\turl = ../lib\n' });
  userGit(repository, 'add', '.gitmodules');
  userGit(repository, 'commit', '-qm', 'lib');
  const { path } = await workspaces.prepare(task);
  userGit(path, 'rm', '-rq', 'vendor/lib');
  put(path, { 'vendor/lib/own.txt': 'own\n' });
  userGit(path, 'add', '--all');
  mkdirSync(join(path, 'git~1'));
  putGitlink(path, 'git~1');
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? expect.fail();
  expect(userGit(path, 'ls-tree', '-r', '--name-only', commit)).toContain('vendor/lib/own.txt');
});

it('one at no commit is what git makes of the folder', async () => {
  const { workspaces, task } = newWorld();
  const { path } = await workspaces.prepare(task);
  mkdirSync(join(path, 'none'));
  putGitlink(path, 'none', '0'.repeat(40));
  put(path, { 'new.txt': 'new\n' });
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? expect.fail();
  expect(userGit(path, 'ls-tree', '-r', commit)).not.toContain('160000');
});

async function withLibrary() {
  const world = newWorld();
  const library = newRepository({ 'f.txt': 'f\n' });
  const { repository, workspaces, task } = world;
  userGit(repository, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  userGit(repository, 'commit', '-qm', 'lib');
  const { path } = await workspaces.prepare(task);
  const commit = async () => (await workspaces.commit(task, 'work', 'k')) ?? expect.fail();
  return { ...world, library, path, commit };
}

it('nothing runs of a repository whose files count', async () => {
  const { program, ran } = canary();
  const { workspaces, task, path, library, commit } = await withLibrary();
  userGit(path, 'rm', '-rq', 'lib');
  userGit(path, 'clone', '-q', library, 'lib');
  // Its files are tracked, so that they are no submodule's although there is a repository.
  const blob = userGit(path, 'hash-object', '-w', 'lib/f.txt');
  userGit(path, 'update-index', '--add', '--cacheinfo', `100644,${blob},lib/f.txt`);
  put(path, { 'lib/.gitattributes': '* filter=evil diff=evil\n', 'lib/f.txt': 'g\n' });
  for (const [name, value] of settings(program)) userGit(join(path, 'lib'), 'config', name, value);
  plantHooks(join(path, 'lib/.git'), program);
  await workspaces.snapshot(task);
  expect(userGit(path, 'show', `${await commit()}:lib/f.txt`)).toBe('g');
  expect(ran()).toBe('');
});

it.each<[string, (path: string) => void]>([
  [
    'includes another',
    (path) => put(path, { '.gitmodules': `[include]\n\tpath = ${join(OUTSIDE, 'named')}\n` }),
  ],
  ['is a link', (path) => symlinkSync(join(OUTSIDE, 'named'), join(path, '.gitmodules'))],
  ['git cannot read', (path) => put(path, { '.gitmodules': '[submodule "lib' })],
])('a `.gitmodules` that %s names none', async (_, work) => {
  const { path, commit } = await withLibrary();
  put(OUTSIDE, { named: '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n' });
  rmSync(join(path, '.gitmodules'));
  work(path);
  put(path, { 'lib/own.txt': 'own\n' });
  expect(userGit(path, 'show', `${await commit()}:lib/own.txt`)).toBe('own');
});
