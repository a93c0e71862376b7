/** The local forge: the conformance suite, the user's branches, and its pull requests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalForge } from '../../../../src/adapters/forges/local/forge.ts';
import { repositoryKey } from '../../../../src/adapters/git/mirror.ts';
import { type ForgeUnderTest, testForge } from '../../../conformance/forge.ts';
import {
  commitFiles,
  newRepository,
  newTask,
  newWorld,
  put,
  ready,
  tipOf,
  userGit,
  workOn,
} from '../../scratch-repository.ts';

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

describe('push', () => {
  it('moves no branch that somebody else made or worked on', async () => {
    const world = newWorld();
    const { repository, forge, task } = world;
    const { commit } = await workOn(world, task, { 'new.txt': 'n' });
    userGit(repository, 'checkout', '-q', '-b', `pawl/${task.id}`);
    commitFiles(repository, { 'another.txt': 'mine' });
    userGit(repository, 'checkout', '-q', 'main');
    expect(await forge.push(task, commit)).toBe('worked_on');
    userGit(repository, 'branch', '-D', `pawl/${task.id}`);
    await forge.push(task, commit);
    userGit(repository, 'checkout', '-q', `pawl/${task.id}`);
    const theirs = commitFiles(repository, { 'review.txt': 'mine' });
    put(world.workspaces.pathOf(task), { 'new.txt': 'again' });
    const next =
      (await world.workspaces.commit(task, 'work', 'next')) ?? expect.fail('nothing was committed');
    expect(await forge.push(task, next)).toBe('worked_on');
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
    await expect(forge.push(task, third.commit)).rejects.toThrow(
      /where it is checked out, because .* has changes that are not committed \(new\.txt\)/,
    );
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
