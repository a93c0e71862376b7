/** Merging on the fake GitHub: every answer that GitHub has for it, and what people do meanwhile. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../fixtures/github/server.ts';
import { newGitHubWorld, published } from './github-world.ts';

const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
/** The fault for the first merge only. */
const once = (fault: Fault) => {
  let left = 1;
  return (route: string): Fault | undefined => {
    if (route !== MERGE || left === 0) return undefined;
    left -= 1;
    return fault;
  };
};

describe('merge', () => {
  it.each([
    ['lost', true],
    [{ status: 409, message: 'Head branch was modified.' }, true],
    ['unheard', false],
    [{ status: 502 }, false],
  ] as const)('finds out what came of it after the fault %j', async (fault, isSettled) => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge, task } = await published(world);
    github.fault = once(fault);
    // Where nothing was done, the step's own retry is what asks again.
    if (!isSettled) await expect(forge.merge(merge)).rejects.toMatchObject({ code: 'unavailable' });
    const merged = await forge.merge(merge);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(github.tipOf('main')).toBe(merged.commit);
    expect(github.tipOf(`pawl/${task.id}`)).toBeUndefined();
  });

  it('waits for what GitHub requires and says what that is', async () => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge, number } = await published(world);
    const why = 'Required status check "ci" is expected.';
    github.block(number, why);
    expect(await forge.merge(merge)).toEqual({ kind: 'pending', why });
    const moved = await github.commit('main', 'theirs.txt', 'theirs');
    expect(await forge.merge(merge)).toEqual({ kind: 'base_moved', baseCommit: moved });
  });

  it.each([
    ['squash', 1],
    ['rebase', 1],
    ['merge', 2],
  ] as const)('merges by %s', async (mergeMethod, parents) => {
    const world = await newGitHubWorld({ mergeMethod });
    const { merge } = await published(world);
    const merged = await world.forge.merge(merge);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(await world.forge.merge(merge)).toEqual(merged);
    const { stdout } = await gitLog(world.github.repository, merged.commit);
    expect(stdout.split(' ')).toHaveLength(parents);
  });

  it('says so where somebody was faster than the merge', async () => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge } = await published(world);
    const { state } = github;
    const mergeThere = state.merge.bind(state);
    // Between the look at the base and the merge.
    state.merge = async (...asked) => {
      await github.commit('main', 'theirs.txt', 'theirs');
      return mergeThere(...asked);
    };
    const merged = await forge.merge(merge);
    expect(merged).toMatchObject({ kind: 'merged', unchecked: expect.stringContaining('was not checked') });
  });

  it('says which setting to change where the method is not allowed', async () => {
    const world = await newGitHubWorld();
    const { merge } = await published(world);
    world.github.state.about.allow_merge_commit = false;
    await expect(world.forge.merge(merge)).rejects.toThrow(
      /not allowed on this repository.*PAWL_GITHUB_MERGE/,
    );
  });

  it('takes a merge by a person as its own, and removes the branch', async () => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge, task, number } = await published(world);
    const commit = await github.mergeByHuman(number);
    expect(await forge.merge(merge)).toEqual({ kind: 'merged', commit });
    expect(github.tipOf(`pawl/${task.id}`)).toBeUndefined();
    expect(await forge.merge(merge)).toEqual({ kind: 'merged', commit });
  });

  it('keeps what was put on the branch after the merge', async () => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge, task, number } = await published(world);
    await github.mergeByHuman(number);
    const later = await github.commit(`pawl/${task.id}`, 'later.txt', 'later');
    expect(await forge.merge(merge)).toMatchObject({ kind: 'merged' });
    expect(github.tipOf(`pawl/${task.id}`)).toBe(later);
  });

  it('tells of what was closed, and refuses what goes elsewhere', async () => {
    const world = await newGitHubWorld();
    const { forge, github, taskOf } = world;
    const closed = await published(world, taskOf(), 'a.txt');
    github.closeByHuman(closed.number);
    expect(await forge.merge(closed.merge)).toEqual({
      kind: 'closed',
      why: expect.stringContaining('was closed without a merge: reopen it'),
    });
    const moved = await published(world, taskOf(), 'b.txt');
    github.state.pull(moved.number).base = 'release';
    await expect(forge.merge(moved.merge)).rejects.toThrow(/goes to release, not to main/);
  });

  it('says for how long GitHub wants to be left alone', async () => {
    const world = await newGitHubWorld();
    const { forge, github } = world;
    const { merge } = await published(world);
    const reset = String(Math.floor(Date.now() / 1_000) + 120);
    const limits: readonly [Fault, number, number][] = [
      [{ status: 403, headers: { 'retry-after': '7' } }, 7_000, 7_000],
      [{ status: 429, headers: { 'retry-after': '8' } }, 8_000, 8_000],
      [
        { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } },
        60_000,
        120_000,
      ],
      [{ status: 403, message: 'You have exceeded a secondary rate limit.' }, 60_000, 60_000],
    ];
    for (const [fault, least, most] of limits) {
      github.fault = () => fault;
      const error: unknown = await forge.merge(merge).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'unavailable', message: /limits requests until \d{4}-/ });
      const { retryAfterMs } = (error as { details: { retryAfterMs: number } }).details;
      expect(retryAfterMs).toBeGreaterThanOrEqual(least);
      expect(retryAfterMs).toBeLessThanOrEqual(most);
    }
  });
});

async function gitLog(repository: string, commit: string) {
  const { execa } = await import('execa');
  return execa('git', ['log', '-1', '--format=%P', commit], { cwd: repository });
}
