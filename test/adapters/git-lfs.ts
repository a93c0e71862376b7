/** Git LFS for the tests that need one: that of the machine, or what set-up has built. Where there is none they are skipped, and it is said. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { findGitLfs } from '../../scripts/setup/programs.mjs';
import { createLocalForge } from '../../src/adapters/forges/local/forge.ts';
import { createCheckSpaces } from '../../src/adapters/git/check-spaces.ts';
import { mirrorOf } from '../../src/adapters/git/mirror.ts';
import { createWorkspaces, type RemoteOf } from '../../src/adapters/git/workspaces.ts';
import { newPlaces, newTask, put, scratchFolder, userGit } from './scratch-repository.ts';

const found = findGitLfs();
if (found === undefined)
  console.warn('skipped: tests with Git LFS; `node scripts/setup/main.mjs --tests` says why there is none');

export const describeWithLfs = describe.skipIf(found === undefined);

/** A folder with the program alone, for a PATH. */
function folderOfLfs(): string {
  const folder = scratchFolder('bin');
  symlinkSync(found ?? '', join(folder, 'git-lfs'));
  return folder;
}

let folder: string | undefined;

/** A PATH on which it is. */
export function pathWithLfs(): string {
  folder ??= folderOfLfs();
  // npm puts folders of its own in front, which the engine looks past with all before them.
  return `${process.env.PATH}:${folder}`;
}

/** Git as a user runs it who has Git LFS. */
export function lfsGit(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=User', '-c', 'user.email=user@example.org'];
  return execFileSync('git', [...who, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: pathWithLfs(),
      HOME: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
    },
  }).trimEnd();
}

/** Commits files as such a user does. */
export function commitWithLfs(repository: string, files: Readonly<Record<string, string | Buffer>>): string {
  put(repository, files);
  lfsGit(repository, 'add', '--all');
  lfsGit(repository, '-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'work');
  return userGit(repository, 'rev-parse', 'HEAD');
}

export const ATTRIBUTES = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' };

/** A repository of such a user. */
export function newLfsRepository(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const repository = scratchFolder('repository');
  userGit(repository, 'init', '-q', '-b', 'main');
  lfsGit(repository, 'lfs', 'install', '--local', '--skip-repo');
  commitWithLfs(repository, { ...ATTRIBUTES, 'a.txt': 'a\n', 'logo.bin': LOGO, ...files });
  return repository;
}

/** A home on a machine with Git LFS, and one task. */
export function newLfsWorld(repository = newLfsRepository(), remoteOf?: RemoteOf) {
  const places = { ...newPlaces(), gitLfs: () => found };
  return {
    repository,
    places,
    task: newTask(repository),
    workspaces: createWorkspaces(places, remoteOf),
    checkSpaces: createCheckSpaces(places),
    forge: createLocalForge(places),
    baseCommit: userGit(repository, 'rev-parse', 'main'),
  };
}

/** What git has of a file. */
export const inGit = (repository: string, commit: string, path: string): string =>
  userGit(repository, 'cat-file', 'blob', `${commit}:${path}`);

export const sha256 = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');

/** As Git LFS writes it. */
export const pointerTo = (content: string | Buffer): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(content)}\nsize ${Buffer.byteLength(content)}`;

/** Where a repository has a content. */
export function contentIn(gitDir: string, content: string | Buffer): string {
  const oid = sha256(content);
  return join(gitDir, 'lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}

export const hasContent = (gitDir: string, content: string | Buffer): boolean =>
  existsSync(contentIn(gitDir, content));

export const LOGO = 'the logo\n';
export const NEW = `${'x'.repeat(3_000_000)}\n`;

/** A task that has changed one of them and added another. */
export async function worked(world = newLfsWorld()) {
  const { workspaces, task } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 'logo.bin': 'another\n', 'new.bin': NEW, 'b.txt': 'b\n' });
  const commit = (await workspaces.commit(task, 'work', 'k')) ?? '';
  const mirror = mirrorOf(world.places.mirrors, task.repository);
  return { ...world, path, baseCommit, commit, mirror };
}

/** As somebody has it who clones the repository. */
export function cloned(address: string, ...settings: readonly string[]): string {
  const clone = join(scratchFolder('clone'), 'clone');
  const lfs = ['-c', 'filter.lfs.process=git-lfs filter-process', '-c', 'filter.lfs.required=true'];
  lfsGit('/', ...settings, 'clone', '-q', ...lfs, address, clone);
  return clone;
}
