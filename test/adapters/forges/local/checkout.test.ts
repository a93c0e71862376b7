/**
 * What a merge does to the files of the person who gets it, in each layout and state of a checkout, judged by plain git:
 * they follow, or nothing of them is touched, the reason is the true one, and the command that is printed works later.
 */
import { lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'shell-quote';
import { describe, expect, it } from 'vitest';
import { createLocalForge } from '../../../../src/adapters/forges/local/forge.ts';
import { repositoryKey } from '../../../../src/adapters/git/mirror.ts';
import { createWorkspaces } from '../../../../src/adapters/git/workspaces.ts';
import { filesBelow, newPlaces, newTask, put, tipOf, userGit } from '../../scratch-repository.ts';
import { A_AFTER, LAYOUTS, newSource } from './layouts.ts';
import { STATES } from './states.ts';

const source = newSource();

/** Files of every kind that change, also into another kind. */
function change(path: string): void {
  put(path, { 'a.txt': A_AFTER, 'new/n.txt': 'new\n', 'deep/far.txt': 'further\n', 'deep/new.txt': 'new\n' });
  for (const old of ['gone.txt', 'shape', 'form', 'Case.txt', 'link'])
    rmSync(join(path, old), { recursive: true });
  put(path, { 'shape/in.txt': 'in\n', form: 'a file\n', 'case.txt': 'case\n', 'link/in.txt': 'in\n' });
  symlinkSync('new/n.txt', join(path, 'points'));
}

/** Without writing what it has found out into the index. */
const looks = (checkout: string, ...args: readonly string[]): string =>
  userGit(checkout, '--no-optional-locks', '-c', 'diff.autoRefreshIndex=false', ...args);

/** All that a person has there, as bytes, and what git says of it. */
function seen(checkout: string): object {
  const bytes = (path: string) => {
    const at = join(checkout, path);
    return lstatSync(at).isSymbolicLink() ? `-> ${readlinkSync(at)}` : readFileSync(at, 'base64');
  };
  return {
    files: Object.fromEntries(filesBelow(checkout).map((path) => [path, bytes(path)])),
    status: looks(checkout, 'status', '--porcelain', '--ignored', '--untracked-files=all'),
    index: userGit(checkout, 'ls-files', '-s', '-v'),
    diff: looks(checkout, 'diff', 'HEAD'),
    head: userGit(checkout, 'rev-parse', 'HEAD'),
    refs: userGit(checkout, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads'),
  };
}

async function mergedIn(layout: string, state: string) {
  const made = LAYOUTS[layout]?.(source);
  const { make, kept, goOn, apart } = STATES[state] ?? {};
  if (made === undefined) throw new Error(`no layout ${layout}`);
  const { repository, checkout } = made;
  const places = newPlaces();
  const [forge, workspaces, task] = [createLocalForge(places), createWorkspaces(places), newTask(repository)];
  expect(await forge.problem(task)).toBeUndefined();
  const { path, baseCommit } = await workspaces.prepare(task);
  change(path);
  const commit = (await workspaces.commit(task, 'work', 'k/1/commit')) ?? '';
  await forge.push(task, commit);
  const { number } = await forge.ensurePullRequest({ task, key: 'k', commit, title: 'Do it', body: '' });
  if (checkout !== undefined) make?.(checkout);
  const statusOf = () =>
    checkout === undefined ? '' : looks(checkout, 'status', '--porcelain', '--untracked-files=all');
  const [before, status] = [checkout === undefined ? {} : seen(checkout), statusOf()];
  const merge = { task, key: 'k', number, commit, baseCommit };
  const merged = await forge.merge(merge);
  // Asked again, as after a kill, it is the same.
  expect(await forge.merge(merge)).toEqual(merged);
  /** What has merged it, and not yet noted so. */
  const forgeAnew = () => {
    const path = join(places.pullRequests, repositoryKey(repository), `${number}-${task.id}.json`);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), merged: undefined }));
    return createLocalForge(places);
  };
  const about = { repository, checkout, task, merge, baseCommit, forgeAnew };
  return { ...about, merged, before, status, statusOf, kept, goOn, apart };
}

/** Holds for every layout and state. */
async function expectRight(layout: string, state: string): Promise<void> {
  const { repository, checkout, task, merged, baseCommit, ...rest } = await mergedIn(layout, state);
  const { before, status, statusOf, kept, goOn, apart } = rest;
  if (merged.kind !== 'merged') throw new Error('expected a merge');
  userGit(repository, 'fsck', '--strict');
  if (checkout === undefined || apart === true) {
    expect(merged).toEqual({ kind: 'merged', commit: tipOf(repository, 'refs/heads/main') });
    if (checkout === undefined) return;
    const { refs: _, ...files } = seen(checkout) as { refs: string };
    expect(before).toMatchObject(files);
    goOn?.(checkout);
    expectAt(checkout, merged.commit);
    expect(statusOf()).toBe('');
    return;
  }
  if (kept === undefined) {
    expect(merged).toEqual({ kind: 'merged', commit: userGit(checkout, 'rev-parse', 'HEAD') });
    expect(statusOf()).toBe(status);
    expect(userGit(checkout, 'log', '-1', '--format=%s')).toMatch(/^Merge pull request #1/);
    expect(tipOf(repository, 'refs/heads/main')).toBe(merged.commit);
    return;
  }
  expect(merged.takeReason).toMatch(kept);
  expect(seen(checkout)).toEqual(before);
  expect(tipOf(repository, 'refs/heads/main')).toBe(baseCommit);
  expect(tipOf(repository, `refs/pawl/${task.id}`)).toBe(merged.commit);
  goOn?.(checkout);
  take(merged.takeCommand);
  expectAt(checkout, merged.commit);
  expect(readFileSync(join(checkout, 'a.txt'), 'utf8')).toContain('task');
  expect(statusOf().replace('?? .gitattributes', '')).toBe('');
}

/** `main` is checked out and holds the commit. */
function expectAt(checkout: string, commit: string): void {
  expect(userGit(checkout, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  userGit(checkout, 'merge-base', '--is-ancestor', commit, 'HEAD');
}

/** The printed command, by words and without a shell. */
function take(command: string | undefined): void {
  const [program, ...args] = parse(command ?? '').map(String);
  expect(program).toBe('git');
  userGit('/', ...args);
}

describe('a merge into a plain repository follows or says why', () => {
  it.each(Object.keys(STATES))('%s', (state) => expectRight('a plain repository', state));
});

describe('a merge follows or says why in every layout', () => {
  const states = ['clean', 'a changed file', 'a rebase, ended', 'a sparse checkout'];
  const rows = Object.keys(LAYOUTS).flatMap((layout) => states.map((state) => [layout, state] as const));
  it.each(rows.filter(([layout]) => layout !== 'a plain repository'))('%s: %s', expectRight);
});

describe('the command that was printed, before the person has moved anything away, overwrites nothing that git ignores', () => {
  const states = [
    'an ignored file in the way',
    'a file in the way that another file of rules ignores',
    'an ignored file where a folder is to be',
    'an ignored file in a folder that becomes a file',
    'an ignored file in the way, and a changed one',
  ];
  it.each(states)('%s', async (state) => {
    const { merged, checkout = '', before } = await mergedIn('a plain repository', state);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(() => take(merged.takeCommand)).toThrow(/would be overwritten|would lose/);
    expect(seen(checkout)).toEqual(before);
    put(checkout, { 'history.txt': 'the base goes on' });
    userGit(checkout, 'commit', '-q', '-m', 'the base goes on', '--', 'history.txt');
    const then = seen(checkout);
    expect(() => take(merged.takeCommand)).toThrow(/Not possible to fast-forward/);
    expect(seen(checkout)).toEqual(then);
  });
});

describe('what was cut off between the files and the branch', () => {
  const layouts = Object.keys(LAYOUTS).filter((layout) => !layout.endsWith('without a working tree'));
  /** The files are at the merge then, and the branch where it was. */
  const cutOff = async (layout: string) => {
    const { merge, merged, forgeAnew, checkout = '', baseCommit } = await mergedIn(layout, 'clean');
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    userGit(checkout, 'update-ref', 'refs/heads/main', baseCommit);
    return { again: () => forgeAnew().merge(merge), merged, checkout };
  };

  it.each(layouts)('is finished in %s', async (layout) => {
    const { again, merged, checkout } = await cutOff(layout);
    expect(await again()).toEqual(merged);
    expect(userGit(checkout, 'rev-parse', 'main')).toBe(merged.commit);
    expect(looks(checkout, 'status', '--porcelain')).toBe('');
  });

  it('is taken back where the base has moved elsewhere', async () => {
    const { again, checkout } = await cutOff('a bare repository named by the folder around it');
    const theirs = userGit(checkout, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'theirs');
    userGit(checkout, 'update-ref', 'refs/heads/main', theirs);
    expect(await again()).toEqual({ kind: 'base_moved', baseCommit: theirs });
    expect(looks(checkout, 'status', '--porcelain')).toBe('');
  });
});

/** Git takes the base for checked out in a working tree that is gone, so the person cannot switch to it, nor rebase it. */
const GONE = 'a plain repository beside a working tree that was removed without git';
const NEEDS_BASE = [
  'a rebase that takes the base along',
  'a detached HEAD at the base',
  'another branch, with changes',
];

it('holds for any layout and state', async () => {
  // Of two working trees the command names one, and which of them the person gives up is theirs to say.
  const states = Object.keys(STATES).filter((state) => state !== 'a second working tree with the base');
  const pairs = Object.keys(LAYOUTS).flatMap((layout) =>
    states
      .filter((state) => layout !== GONE || !NEEDS_BASE.includes(state))
      .map((state) => [layout, state] as const),
  );
  for (const name of NEEDS_BASE) expect(STATES).toHaveProperty([name]);
  expect(LAYOUTS).toHaveProperty([GONE]);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...pairs), ([layout, state]) => expectRight(layout, state)),
    { numRuns: 8, endOnFailure: true },
  );
}, 60_000);
