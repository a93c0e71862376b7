/** A user's repository and a Pawl home in a temporary folder, for the tests of what works with git. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { createLocalForge } from '../../src/adapters/forges/local/forge.ts';
import { createCheckSpaces } from '../../src/adapters/git/check-spaces.ts';
import { claim, spaceOf } from '../../src/adapters/git/space.ts';
import { createWorkspaces } from '../../src/adapters/git/workspaces.ts';
import { overlay } from '../../src/adapters/git/worktree.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskRef } from '../../src/domain/steps.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-git-test-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A new folder that is gone after the file's tests. */
export function scratchFolder(name = 'folder'): string {
  count += 1;
  const path = join(root, `${count}-${name}`);
  mkdirSync(path);
  return path;
}

/** Git as a user runs it: with the repository's own configuration and hooks. */
export const userGit = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'User',
      GIT_AUTHOR_EMAIL: 'user@example.org',
      GIT_COMMITTER_NAME: 'User',
      GIT_COMMITTER_EMAIL: 'user@example.org',
    },
  }).trimEnd();

export function put(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Commits files on what is checked out; answers the commit. */
export function commitFiles(
  repository: string,
  files: Readonly<Record<string, string | Buffer>>,
  message = 'work',
): string {
  put(repository, files);
  userGit(repository, 'add', '--all');
  userGit(repository, '-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', message);
  return userGit(repository, 'rev-parse', 'HEAD');
}

export const SEED = { 'a.txt': 'one\ntwo\nthree\n', 'src/b.txt': 'b\n', '.gitignore': 'ignored/\n' };

export function newRepository(files: Readonly<Record<string, string | Buffer>> = SEED): string {
  const repository = scratchFolder('repository');
  userGit(repository, 'init', '-q', '-b', 'main');
  commitFiles(repository, files, 'seed');
  return repository;
}

export function newPlaces() {
  const home = scratchFolder('home');
  return {
    home,
    mirrors: join(home, 'mirrors'),
    workspaces: join(home, 'workspaces'),
    checks: join(home, 'checks'),
    copied: join(home, 'copied'),
    locks: join(home, 'locks'),
    pullRequests: join(home, 'pull-requests'),
  };
}

export const newTask = (repository: string, base = 'main'): TaskRef => {
  count += 1;
  return { id: TaskId.parse(`task-${count}`), title: 'Do the work', repository, base };
};

/** A repository, a home, both ports on it and one task. */
export function newWorld(files?: Readonly<Record<string, string | Buffer>>) {
  const repository = newRepository(files);
  const places = newPlaces();
  return {
    repository,
    places,
    task: newTask(repository),
    workspaces: createWorkspaces(places),
    checkSpaces: createCheckSpaces(places),
    forge: createLocalForge(places),
    baseCommit: userGit(repository, 'rev-parse', 'main'),
  };
}

/** Files of the workspace as they are in a commit. */
export const overlayIn = (
  { places, task }: Pick<ReturnType<typeof newWorld>, 'places' | 'task'>,
  commit: string,
  paths: readonly string[],
): Promise<void> => claim(spaceOf(places, task)).then((space) => overlay(space, commit, paths));

/** Every file below a folder, by its path from there; `.git` files and folders left out. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.split('/').includes('.git'))
    .sort();

/** Where a ref of a repository is. */
export const tipOf = (repository: string, ref: string): string | undefined =>
  userGit(repository, 'for-each-ref', '--format=%(objectname)', ref) || undefined;

/** Writes files into the task's workspace and commits them there. */
export async function workOn(
  world: ReturnType<typeof newWorld>,
  task: TaskRef,
  files: Readonly<Record<string, string>>,
) {
  const { workspaces } = world;
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, files);
  const commit = (await workspaces.commit(task, 'work', `${task.id}/${JSON.stringify(files)}`)) ?? '';
  return { task, baseCommit, commit };
}

/** A task with a published pull request, ready to be merged. */
export async function ready(
  world = newWorld(),
  files: Readonly<Record<string, string>> = { 'new.txt': 'new' },
) {
  const { forge, task } = world;
  const { commit, baseCommit } = await workOn(world, task, files);
  await forge.push(task, commit);
  const pullRequest = { task, key: 'k', commit, title: 'Do it', body: '' };
  const { number, url } = await forge.ensurePullRequest(pullRequest);
  return { ...world, commit, url, merge: { task, key: 'k', number, commit, baseCommit } };
}
