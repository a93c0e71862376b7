/** A change whose pull request people have ended on GitHub themselves: merged in one of its ways, or closed. */
import { describe, expect, it } from 'vitest';
import { createWatches, watchPullRequest } from '../../../src/activities/watch-pull-request.ts';
import type { WatchInput } from '../../../src/domain/pull-request-news.ts';
import { type GitHubWorld, newGitHubWorld, published } from '../../adapters/forges/github/github-world.ts';
import { deliveryIn } from './deps.ts';

type PullRequest = Awaited<ReturnType<typeof published>>;

async function offered() {
  const world = await newGitHubWorld();
  const offer = await published(world);
  const { task, commit, number, merge } = offer;
  const delivery = deliveryIn(world.places, { workspaces: world.workspaces, forge: world.forge });
  const given = { task, attempt: 1, pullRequest: number, commit, baseCommit: merge.baseCommit };
  const watched: WatchInput = {
    task,
    pullRequest: number,
    commit,
    baseCommit: merge.baseCommit,
    seen: {},
    until: 'news',
  };
  const news = (input: WatchInput = watched) =>
    watchPullRequest(world, createWatches(), input, {
      signal: new AbortController().signal,
      carry: () => undefined,
    } as never);
  return { world, offer, watched, news, mergeStep: () => delivery.merge(given) };
}

/** By somebody's own commit on the base, as a push brings it. */
const bring = ({ github }: GitHubWorld, text = 'new') => github.commit('main', 'new.txt', text);

type Move = (world: GitHubWorld, offer: PullRequest) => Promise<unknown>;

describe.each(['merge', 'squash', 'rebase'] as const)(
  'a pull request that a person merged by %s',
  (method) => {
    it('is over at the commit that GitHub names, and its branch goes', async () => {
      const { world, offer, news, mergeStep } = await offered();
      const commit = await world.github.mergeByHuman(offer.number, 'ann', method);
      expect(await news()).toEqual({ kind: 'merged', commit, by: 'ann' });
      expect(await mergeStep()).toEqual({ kind: 'merged', commit });
      expect(world.github.tipOf(`pawl/${offer.task.id}`)).toBeUndefined();
      expect(await world.workspaces.exists(offer.task)).toBe(false);
    });

    it('says so where the base had moved, so that both together were not checked', async () => {
      const { world, offer, mergeStep } = await offered();
      await world.github.commit('main', 'theirs.txt', 'theirs');
      const commit = await world.github.mergeByHuman(offer.number, 'ann', method);
      expect(await mergeStep()).toEqual({
        kind: 'merged',
        commit,
        unchecked: expect.stringContaining('was not checked'),
      });
    });
  },
);

const BROUGHT: Readonly<Record<string, Move>> = {
  'as it is': (world) => bring(world),
  'before others moved the base': async (world) => {
    await bring(world);
    await world.github.commit('main', 'theirs.txt', 'theirs');
  },
  'and went on over its lines': async (world) => {
    await bring(world);
    await bring(world, 'newer');
  },
};

describe('a change that somebody has pushed into the base', () => {
  it.each(Object.entries(BROUGHT))(
    'ends the task where its pull request was closed then: %s',
    async (_, move) => {
      const { world, offer, news, mergeStep } = await offered();
      await move(world, offer);
      world.github.closeByHuman(offer.number, 'ann');
      const tip = world.github.tipOf('main') ?? '';
      expect(await news()).toEqual({ kind: 'merged', commit: tip, by: 'ann' });
      const merged = await mergeStep();
      expect(merged).toMatchObject({ kind: 'merged', commit: tip });
      const { byHand } = merged as { byHand?: string };
      expect(byHand).toContain(`main at ${tip.slice(0, 7)} has all of this change`);
      expect(byHand).toContain(`pull request #${offer.number} is closed`);
      // Its commits are nowhere else.
      expect(world.github.tipOf(`pawl/${offer.task.id}`)).toBe(offer.commit);
    },
  );

  it.each(Object.entries(BROUGHT))('ends the task where its pull request is open: %s', async (_, move) => {
    const { world, offer, mergeStep } = await offered();
    await move(world, offer);
    const merged = await mergeStep();
    expect(merged).toMatchObject({ kind: 'merged', commit: world.github.tipOf('main') });
    const { byHand } = merged as { byHand?: string };
    expect(byHand).toContain(`pull request #${offer.number} stays open`);
    expect(world.github.tipOf(`pawl/${offer.task.id}`)).toBe(offer.commit);
  });
});

const MISSING: Readonly<Record<string, Move>> = {
  'nothing else was done': async () => undefined,
  'the base has something else': (world) => world.github.commit('main', 'theirs.txt', 'theirs'),
  'the base has other lines there': (world) => bring(world, 'other'),
};

describe('a pull request that was closed without its change in the base', () => {
  it.each(Object.entries(MISSING))('is a rejection, and no merge: %s', async (_, move) => {
    const { world, offer, news, mergeStep } = await offered();
    await move(world, offer);
    world.github.closeByHuman(offer.number, 'ann');
    expect(await news()).toEqual({ kind: 'closed', by: 'ann' });
    await expect(mergeStep()).rejects.toThrow(/was closed without a merge: reopen it/);
    expect(await world.workspaces.head(offer.task)).toBe(offer.commit);
  });

  it('is one as well for a task whose base the step was not told', async () => {
    const { world, offer, watched, news } = await offered();
    const { baseCommit: _, ...untold } = watched;
    await bring(world);
    world.github.closeByHuman(offer.number, 'ann');
    expect(await news(untold)).toEqual({ kind: 'closed', by: 'ann' });
  });
});
