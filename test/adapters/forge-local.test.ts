/** The local forge: the conformance suite, and what only it does: the user's own branches and files. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalForge } from '../../src/adapters/forge-local.ts';
import { mirrorOf, repositoryKey } from '../../src/adapters/git/mirror.ts';
import { createWorkspaces } from '../../src/adapters/workspaces.ts';
import type { TaskRef } from '../../src/domain/steps.ts';
import { type ForgeUnderTest, testForge } from '../conformance/forge.ts';
import {
  commitFiles,
  filesBelow,
  newRepository,
  newTask,
  newWorld,
  put,
  scratchFolder,
  userGit,
} from './scratch-repository.ts';

const tipOf = (repository: string, ref: string): string | undefined =>
  userGit(repository, 'for-each-ref', '--format=%(objectname)', ref) || undefined;

async function workOn(
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

async function create(): Promise<ForgeUnderTest> {
  const world = newWorld();
  const { repository, forge, task, places } = world;
  const { baseCommit } = await world.workspaces.prepare(task);
  return {
    forge,
    task,
    baseCommit,
    commit: async (file, text) => (await workOn(world, task, { [file]: text })).commit,
    another: () => workOn(world, newTask(repository), { 'another.txt': 'another' }),
    moveBase: async (file, text) => commitFiles(repository, { [file]: text }),
    restarted: () => createLocalForge(places),
    tipOf: (branch) => tipOf(repository, `refs/heads/${branch}`),
    parentsOf: (commit) => userGit(repository, 'log', '-1', '--format=%P', commit).split(' '),
    fileAt: (commit, file) => userGit(repository, 'show', `${commit}:${file}`),
  };
}

describe('the forge local', () => testForge(create));

/** A task with a published pull request, ready to be merged. */
async function ready(world = newWorld(), files: Readonly<Record<string, string>> = { 'new.txt': 'new' }) {
  const { forge, task } = world;
  const { commit, baseCommit } = await workOn(world, task, files);
  await forge.push(task, commit);
  const pullRequest = { task, key: 'k', commit, title: 'Do it', body: '' };
  const { number, url } = await forge.ensurePullRequest(pullRequest);
  return { ...world, commit, url, merge: { task, key: 'k', number, commit, baseCommit } };
}

describe('merge', () => {
  it('takes the files along where the base is checked out and clean', async () => {
    const { repository, forge, merge } = await ready();
    put(repository, { 'untracked.txt': 'mine', 'ignored/x': 'mine' });
    const merged = await forge.merge(merge);
    expect(merged).toEqual({ kind: 'merged', commit: tipOf(repository, 'refs/heads/main') });
    expect(readFileSync(join(repository, 'new.txt'), 'utf8')).toBe('new');
    expect(userGit(repository, 'status', '--porcelain')).toBe('?? untracked.txt');
    expect(userGit(repository, 'reflog', '-1', '--format=%gs')).toBe('pawl: merge pull request #1');
    const about = userGit(
      repository,
      'log',
      '-1',
      '--format=%s|%an <%ae>|%(trailers:key=Pawl-Task,valueonly)',
    );
    expect(about.trim()).toBe(`Merge pull request #1: Do it|Pawl <pawl@localhost>|${merge.task.id}`);
  });

  it('takes the files along in a linked working tree, and leaves the main one alone', async () => {
    const world = newWorld();
    const linked = join(scratchFolder('linked'), 'tree');
    userGit(world.repository, 'checkout', '-q', '-b', 'side');
    userGit(world.repository, 'worktree', 'add', '-q', linked, 'main');
    const { forge, merge } = await ready(world);
    await forge.merge(merge);
    expect(filesBelow(linked)).toContain('new.txt');
    expect(filesBelow(world.repository)).not.toContain('new.txt');
    for (const place of [linked, world.repository]) expect(userGit(place, 'status', '--porcelain')).toBe('');
  });

  it('moves the ref alone where the base is not checked out, or the repository is bare', async () => {
    const world = newWorld();
    userGit(world.repository, 'checkout', '-q', '-b', 'side');
    const { forge, merge, repository } = await ready(world);
    const merged = await forge.merge(merge);
    expect(merged).toEqual({ kind: 'merged', commit: tipOf(repository, 'refs/heads/main') });
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    const bare = scratchFolder('bare');
    userGit(repository, 'clone', '-q', '--bare', repository, bare);
    const inBare = await ready({ ...world, repository: bare, task: newTask(bare) }, { 'bare.txt': 'b' });
    const second = await inBare.forge.merge(inBare.merge);
    expect(second).toEqual({ kind: 'merged', commit: tipOf(bare, 'refs/heads/main') });
    expect(existsSync(join(bare, 'bare.txt'))).toBe(false);
  });

  it.each([
    ['a changed file', (repository: string) => put(repository, { 'src/b.txt': 'mine' })],
    [
      'a staged file',
      (repository: string) => {
        put(repository, { 'staged.txt': 'mine' });
        userGit(repository, 'add', 'staged.txt');
      },
    ],
    ['a removed file', (repository: string) => rmSync(join(repository, 'a.txt'))],
    ['an untracked file in the way', (repository: string) => put(repository, { 'new.txt': 'mine' })],
    [
      'an ignored file in the way',
      (repository: string) => {
        put(repository, { '.git/info/exclude': 'new.txt\n', 'new.txt': 'mine' });
      },
    ],
    ['another git that holds the index', (repository: string) => put(repository, { '.git/index.lock': '' })],
  ])('keeps the merge and says how to take it where there is %s', async (_, dirty) => {
    const { repository, forge, merge } = await ready();
    dirty(repository);
    const before = filesBelow(repository).map((path) => [path, readFileSync(join(repository, path), 'utf8')]);
    const merged = await forge.merge(merge);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(merged.takeCommand).toBe(`git -C ${repository} merge --ff-only ${merged.commit}`);
    expect(tipOf(repository, 'refs/heads/main')).toBe(merge.baseCommit);
    expect(tipOf(repository, `refs/pawl/${merge.task.id}`)).toBe(merged.commit);
    const after = filesBelow(repository).map((path) => [path, readFileSync(join(repository, path), 'utf8')]);
    expect(after).toEqual(before);
    expect(await forge.merge(merge)).toEqual(merged);
    rmSync(join(repository, '.git/index.lock'), { force: true });
    userGit(repository, 'reset', '-q', '--hard');
    rmSync(join(repository, 'new.txt'), { force: true });
    execFileSync('sh', ['-c', merged.takeCommand ?? ''], { stdio: 'ignore' });
    expect(tipOf(repository, 'refs/heads/main')).toBe(merged.commit);
  });

  it('leaves files to the user that are stored in another form', async () => {
    const filtered = newWorld({ '.gitattributes': '*.bin filter=lfs\n', 'x.txt': 'x' });
    const first = await ready(filtered, { 'y.bin': 'y' });
    expect(await first.forge.merge(first.merge)).toHaveProperty('takeCommand');
    const plain = await ready(newWorld({ '.gitattributes': '*.bin filter=lfs\n', 'x.txt': 'x' }), {
      'y.txt': 'y',
    });
    expect(await plain.forge.merge(plain.merge)).not.toHaveProperty('takeCommand');
    const announced = await ready(newWorld(), { '.gitattributes': '*.bin filter=lfs\n', 'y.bin': 'y' });
    expect(await announced.forge.merge(announced.merge)).toHaveProperty('takeCommand');
  });

  it('finishes what was cut off after the files, after the base, and after the record', async () => {
    const { repository, forge, merge, places } = await ready();
    const merged = await forge.merge(merge);
    const folder = join(places.pullRequests, repositoryKey(repository));
    const [name = ''] = readdirSync(folder);
    const record = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const forget = () => writeFileSync(join(folder, name), JSON.stringify({ ...record, merged: undefined }));
    forget();
    expect(await forge.merge(merge)).toEqual(merged);
    forget();
    userGit(repository, 'update-ref', 'refs/heads/main', merge.baseCommit);
    expect(await forge.merge(merge)).toEqual(merged);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    userGit(repository, 'branch', `pawl/${merge.task.id}`, merge.commit);
    forget();
    expect(await forge.merge(merge)).toEqual(merged);
    expect(tipOf(repository, `refs/heads/pawl/${merge.task.id}`)).toBeUndefined();
  });

  it('finds that the user has merged it by hand', async () => {
    const byFastForward = await ready();
    userGit(byFastForward.repository, 'merge', '-q', '--ff-only', byFastForward.commit);
    const { commit } = byFastForward;
    expect(await byFastForward.forge.merge(byFastForward.merge)).toEqual({ kind: 'merged', commit });
    const byMerge = await ready();
    userGit(byMerge.repository, 'merge', '-q', '--no-ff', '-m', 'mine', byMerge.commit);
    const tip = tipOf(byMerge.repository, 'refs/heads/main');
    commitFiles(byMerge.repository, { 'on-top.txt': 'x' });
    expect(await byMerge.forge.merge(byMerge.merge)).toEqual({ kind: 'merged', commit: tip });
  });

  it('says in words when the base is gone', async () => {
    const { repository, forge, merge } = await ready();
    userGit(repository, 'branch', '-m', 'main', 'trunk');
    await expect(forge.merge(merge)).rejects.toThrow(/no branch "main".*pawl|no branch "main"/);
    await expect(forge.baseTip(merge.task)).rejects.toMatchObject({ code: 'precondition' });
  });

  it('prepares the next task from the merge without fetching', async () => {
    const { repository, forge, merge, workspaces } = await ready();
    const merged = await forge.merge(merge);
    const next = await workspaces.prepare(newTask(repository));
    expect(merged).toEqual({ kind: 'merged', commit: next.baseCommit });
  });
});

describe('push', () => {
  it('refuses to move a branch that somebody else made or worked on', async () => {
    const world = newWorld();
    const { repository, forge, task } = world;
    const { commit } = await workOn(world, task, { 'new.txt': 'n' });
    userGit(repository, 'branch', `pawl/${task.id}`);
    await expect(forge.push(task, commit)).rejects.toMatchObject({ code: 'conflict' });
    userGit(repository, 'branch', '-D', `pawl/${task.id}`);
    await forge.push(task, commit);
    userGit(repository, 'checkout', '-q', `pawl/${task.id}`);
    const theirs = commitFiles(repository, { 'review.txt': 'mine' });
    const next = await workOn(world, task, { 'new.txt': 'again' });
    await expect(forge.push(task, next.commit)).rejects.toThrow(/holds work that is not of this task/);
    expect(tipOf(repository, `refs/heads/pawl/${task.id}`)).toBe(theirs);
  });

  it('takes the files along where the branch is looked at, and keeps changes made there', async () => {
    const world = newWorld();
    const { repository, forge, task } = world;
    const first = await workOn(world, task, { 'new.txt': 'n' });
    await forge.push(task, first.commit);
    userGit(repository, 'checkout', '-q', `pawl/${task.id}`);
    const second = await workOn(world, task, { 'new.txt': 'again' });
    await forge.push(task, second.commit);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(repository, 'new.txt'), 'utf8')).toBe('again');
    put(repository, { 'new.txt': 'mine' });
    const third = await workOn(world, task, { 'new.txt': 'third' });
    await expect(forge.push(task, third.commit)).rejects.toThrow(/is checked out with changes/);
    expect(readFileSync(join(repository, 'new.txt'), 'utf8')).toBe('mine');
  });

  it('replaces what an earlier run of the same task left', async () => {
    const world = newWorld();
    const { repository, forge, task, workspaces } = world;
    await forge.push(task, (await workOn(world, task, { 'new.txt': 'n' })).commit);
    await workspaces.remove(task);
    const again = await workOn(world, task, { 'other.txt': 'o' });
    await forge.push(task, again.commit);
    expect(tipOf(repository, `refs/heads/pawl/${task.id}`)).toBe(again.commit);
  });

  it('says in words when a branch has the name that is needed', async () => {
    const world = newWorld();
    const { commit } = await workOn(world, world.task, { 'new.txt': 'n' });
    userGit(world.repository, 'branch', 'pawl');
    await expect(world.forge.push(world.task, commit)).rejects.toMatchObject({ code: 'precondition' });
  });

  it('sends all of it where the repository has lost the base', async () => {
    const world = newWorld();
    const { repository, forge, task } = world;
    const { commit } = await workOn(world, task, { 'new.txt': 'n' });
    userGit(repository, 'checkout', '-q', '--orphan', 'fresh');
    commitFiles(repository, { z: 'z' });
    userGit(repository, 'branch', '-D', 'main');
    userGit(repository, 'reflog', 'expire', '--expire=now', '--all');
    userGit(repository, 'gc', '-q', '--prune=now');
    await forge.push(task, commit);
    expect(userGit(repository, 'rev-list', '--count', commit)).toBe('2');
    userGit(repository, 'fsck', '--strict');
  });
});

describe('pull requests', () => {
  it('are numbered per repository and survive drafts that were cut off', async () => {
    const { forge, task, commit, places, repository, url } = await ready();
    expect(url).toMatch(/^file:.*\/1-task-\d+\.json$/);
    put(join(places.pullRequests, repositoryKey(repository)), { '9-x.json.cut-off': '{', 'notes.txt': 'x' });
    const second = await forge.ensurePullRequest({
      task: newTask(repository),
      key: 'k',
      commit,
      title: 't',
      body: 'b',
    });
    expect(second.number).toBe(2);
    const elsewhere = newTask(newRepository());
    expect(
      (await forge.ensurePullRequest({ task: elsewhere, key: 'k', commit, title: 't', body: 'b' })).number,
    ).toBe(1);
    expect((await forge.ensurePullRequest({ task, key: 'k', commit, title: 't', body: 'b' })).number).toBe(1);
  });

  it('refuse another commit once merged, and say when a record is damaged', async () => {
    const { forge, merge, task, places, repository } = await ready();
    await forge.merge(merge);
    const pullRequest = { task, key: 'k2', title: 't', body: 'b' };
    expect((await forge.ensurePullRequest({ ...pullRequest, commit: merge.commit })).number).toBe(1);
    const other = { ...pullRequest, commit: merge.baseCommit };
    await expect(forge.ensurePullRequest(other)).rejects.toMatchObject({ code: 'conflict' });
    put(join(places.pullRequests, repositoryKey(repository)), { [`1-${task.id}.json`]: '{"number":' });
    await expect(forge.ensurePullRequest(other)).rejects.toMatchObject({ code: 'internal' });
  });

  it('are one when many processes ask at once', async () => {
    const { places, task, commit } = await ready();
    const racer = join(import.meta.dirname, 'fixtures', 'ensure-pull-request.ts');
    const { execa } = await import('execa');
    const inputs = JSON.stringify({ places, tasks: [task, newTask(task.repository)], commit });
    const racing = Array.from({ length: 4 }, () => execa('node', [racer], { input: inputs }));
    const answers = (await Promise.all(racing)).map(({ stdout }) => JSON.parse(stdout));
    for (const answer of answers) expect(answer).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
    expect(readdirSync(join(places.pullRequests, repositoryKey(task.repository)))).toHaveLength(2);
  });
});

it('leaves a whole repository behind', async () => {
  const { repository, forge, merge, workspaces, places } = await ready();
  await forge.merge(merge);
  await workspaces.remove(merge.task);
  userGit(repository, 'fsck', '--strict');
  userGit(mirrorOf(places.mirrors, repository), 'fsck', '--strict');
  expect(createWorkspaces(places).pathOf(merge.task)).toContain(merge.task.id);
});
