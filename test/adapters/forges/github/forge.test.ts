import { describe, expect, it } from 'vitest';
import { type ForgeUnderTest, testForge } from '../../../conformance/forge.ts';
import { userGit } from '../../scratch-repository.ts';
import { newGitHubWorld, requestFor } from './github-world.ts';

async function create(): Promise<ForgeUnderTest> {
  const world = await newGitHubWorld();
  const { forge, task, workspaces, github, workOn, taskOf } = world;
  const { baseCommit } = await workspaces.prepare(task);
  return {
    forge,
    task,
    baseCommit,
    commit: async (file, text) => (await workOn(task, { [file]: text })).commit,
    another: () => workOn(taskOf(), { 'another.txt': 'another' }),
    moveBase: (file, text) => github.commit('main', file, text),
    restarted: () => world.create(),
    tipOf: (branch) => github.tipOf(branch),
    parentsOf: (commit) => userGit(github.repository, 'log', '-1', '--format=%P', commit).split(' '),
    fileAt: (commit, file) => userGit(github.repository, 'show', `${commit}:${file}`),
  };
}

describe('the forge github', () => testForge(create));

describe('a base on GitHub', () => {
  it('is where a workspace starts, however old the clone of the user is', async () => {
    const { github, workspaces, task, workOn } = await newGitHubWorld();
    const newer = await github.commit('main', 'theirs.txt', 'theirs');
    expect((await workspaces.prepare(task)).baseCommit).toBe(newer);
    expect(await workspaces.fileAt(task, newer, 'theirs.txt')).toBe('theirs\n');
    const { commit } = await workOn(task, { 'new.txt': 'new' });
    const newest = await github.commit('main', 'later.txt', 'later');
    const joined = await workspaces.mergeBase(task, commit, newer, newest);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(await workspaces.fileAt(task, joined.commit, 'later.txt')).toBe('later\n');
  });

  it('that was rewritten there gets the own change alone, in the same pull request', async () => {
    const { github, forge, workspaces, task, workOn } = await newGitHubWorld();
    const dropped = await github.commit('main', 'dropped.txt', 'dropped');
    const { commit } = await workOn(task, { 'new.txt': 'new' });
    const offer = async (offered: string) => {
      await forge.push(task, offered);
      return forge.ensurePullRequest({ ...requestFor(task, offered), key: `${task.id}/${offered}` });
    };
    const { number } = await offer(commit);
    userGit(github.repository, 'update-ref', 'refs/heads/main', `${dropped}~1`);
    const merge = { task, key: `${task.id}/1/merge`, number, commit, baseCommit: dropped };
    const moved = await forge.merge(merge);
    if (moved.kind !== 'base_moved') throw new Error('expected the base to have moved');
    const joined = await workspaces.mergeBase(task, commit, dropped, moved.baseCommit);
    if (joined.kind !== 'merged') throw new Error('expected a merge');
    expect(await offer(joined.commit)).toMatchObject({ number });
    const again = { ...merge, commit: joined.commit, baseCommit: moved.baseCommit };
    expect(await forge.merge(again)).toMatchObject({ kind: 'merged' });
    const files = userGit(github.repository, 'ls-tree', '--name-only', 'main').split('\n');
    expect(files).toContain('new.txt');
    expect(files).not.toContain('dropped.txt');
  });

  it('is fetched by a hardened git only: what the clone configures starts nothing and changes no address', async () => {
    const { repository, workspaces, task, github } = await newGitHubWorld();
    userGit(repository, 'config', `url.http://127.0.0.1:1/.insteadOf`, `${new URL(github.url).origin}/`);
    userGit(repository, 'config', 'credential.helper', '!touch /tmp/never-made');
    expect((await workspaces.prepare(task)).baseCommit).toBe(github.tipOf('main'));
  });
});

describe('push', () => {
  it('replaces what is of the task, and nothing of what people put on it until that is part of the task', async () => {
    const { forge, task, github, workOn, workspaces } = await newGitHubWorld();
    const first = await workOn(task, { 'new.txt': 'n' });
    await forge.push(task, first.commit);
    await workspaces.remove(task);
    const again = await workOn(task, { 'other.txt': 'o' });
    await forge.push(task, again.commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(again.commit);
    const theirs = await github.commit(`pawl/${task.id}`, 'theirs.txt', 'mine');
    const third = await workOn(task, { 'other.txt': 'third' });
    expect(await forge.push(task, third.commit)).toBe('worked_on');
    expect(github.tipOf(`pawl/${task.id}`)).toBe(theirs);
    const work = { base: third.baseCommit, head: third.commit, shown: again.commit, key: 'k/hand' };
    const taken = await workspaces.takeUp(task, work);
    if (taken.kind !== 'taken') throw new Error('expected it to be taken up');
    expect(await forge.problem(task)).toBeUndefined();
    expect(await forge.push(task, taken.commit)).toBe('pushed');
    expect(github.tipOf(`pawl/${task.id}`)).toBe(taken.commit);
    expect(userGit(github.repository, 'show', `${taken.commit}:theirs.txt`)).toBe('mine');
  });

  it('what people have put on an approved pull request is not merged with it', async () => {
    const { forge, task, github, workOn, workspaces } = await newGitHubWorld();
    const { commit, baseCommit } = await workOn(task, { 'new.txt': 'n' });
    await forge.push(task, commit);
    const { number } = await forge.ensurePullRequest(requestFor(task, commit));
    const theirs = await github.commit(`pawl/${task.id}`, 'theirs.txt', 'mine');
    const merge = { task, key: `${task.id}/1/merge`, number, commit, baseCommit };
    expect(await forge.merge(merge)).toEqual({ kind: 'worked_on' });
    const taken = await workspaces.takeUp(task, {
      base: baseCommit,
      head: commit,
      shown: commit,
      key: 'k/hand',
    });
    expect(taken).toMatchObject({ kind: 'taken', commit: theirs });
    expect(await forge.merge({ ...merge, commit: theirs })).toMatchObject({ kind: 'merged' });
  });

  it('settles an answer that was lost by looking, and says when git was not heard at all', async () => {
    const { forge, task, github, workOn } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    github.fault = (route) => (route === 'git-receive-pack' ? 'unheard' : undefined);
    await expect(forge.push(task, commit)).rejects.toMatchObject({ code: 'unavailable' });
    github.fault = (route) => (route === 'git-receive-pack' ? 'lost' : undefined);
    await forge.push(task, commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBe(commit);
  });

  it('says what a rule of the repository says', async () => {
    const { forge, task, github, workOn, environment } = await newGitHubWorld();
    const { commit } = await workOn(task, { 'new.txt': 'n' });
    userGit(github.repository, 'config', 'receive.denyCreates', 'true');
    userGit(github.repository, 'config', 'transfer.hideRefs', 'refs/heads/pawl');
    await expect(forge.push(task, commit)).rejects.toThrow(/GitHub takes no push of pawl\/.*deny/);
    environment.GH_TOKEN = github.readToken;
    await expect(forge.push(task, commit)).rejects.toMatchObject({ code: 'precondition' });
  });
});
