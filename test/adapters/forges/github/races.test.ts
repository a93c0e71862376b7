/** Exactly one pull request per task, however many start at once, whatever answers are lost and however old lists are. */
import { expect, it } from 'vitest';
import type { PullRequestRequest } from '../../../../src/activities/ports/forge-port.ts';
import { PawlError } from '../../../../src/domain/failures.ts';
import type { Fault } from '../../../fixtures/github/server.ts';
import { userGit } from '../../scratch-repository.ts';
import { newGitHubWorld, published, requestFor } from './github-world.ts';

const TRIALS = 200;
const TRIALS_AT_ONCE = 20;
const STARTS = 3;
const TRIES_MAX = 12;
const SEED = 20_260;

/** The same sequence each time (mulberry32), so that a run that fails can be run again. */
function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

function createFaults(): (route: string) => Fault | undefined {
  const dice = createDice(SEED);
  return (route) => {
    const roll = dice();
    if (route.startsWith('POST')) {
      if (roll < 0.25) return 'lost';
      if (roll < 0.35) return 'unheard';
      if (roll < 0.45) return { status: 502 };
    }
    if (roll < 0.03) return 'lost';
    if (roll < 0.06) return { status: 429, headers: { 'retry-after': '0' } };
    return roll < 0.3 ? { delayMs: dice() * 30 } : undefined;
  };
}

it(`makes one pull request in each of ${TRIALS} trials of ${STARTS} racing starts`, {
  timeout: 60_000,
}, async () => {
  const { github, taskOf, create } = await newGitHubWorld();
  github.fault = createFaults();
  github.listLagMs = 40;
  const main = github.tipOf('main') ?? '';
  const tasks = Array.from({ length: TRIALS }, taskOf);
  for (const { id } of tasks) userGit(github.repository, 'update-ref', `refs/heads/pawl/${id}`, main);
  /** As an engine does: what may pass is tried again. */
  const start = async (request: PullRequestRequest): Promise<number> => {
    for (let left = TRIES_MAX; ; left -= 1) {
      try {
        return (await create().ensurePullRequest(request)).number;
      } catch (error) {
        if (!(error instanceof PawlError) || error.code !== 'unavailable' || left <= 1) throw error;
      }
    }
  };
  for (let at = 0; at < TRIALS; at += TRIALS_AT_ONCE) {
    const trials = tasks.slice(at, at + TRIALS_AT_ONCE).map(async (task) => {
      const request = requestFor(task, main);
      const numbers = await Promise.all(Array.from({ length: STARTS }, () => start(request)));
      const made = github.pulls().filter(({ head }) => head === `pawl/${task.id}`);
      expect(made.map(({ number }) => number)).toEqual([numbers[0]]);
      expect(new Set(numbers).size).toBe(1);
    });
    await Promise.all(trials);
  }
  expect(github.pulls()).toHaveLength(TRIALS);
});

it('brings an open one up to date, also one that a person made, and marks it with its task', async () => {
  const world = await newGitHubWorld();
  const { forge, github } = world;
  const { task, commit, number } = await published(world);
  expect(await forge.ensurePullRequest(requestFor(task, commit, 'Better'))).toMatchObject({ number });
  const [pull] = github.pulls();
  expect(pull).toMatchObject({ title: 'Better', body: `What and why.\n\n<!-- pawl:task=${task.id} -->` });
  const patches = () => github.requests.filter(({ route }) => route.startsWith('PATCH')).length;
  const before = patches();
  if (pull !== undefined) pull.body = pull.body.replaceAll('\n', '\r\n');
  await forge.ensurePullRequest(requestFor(task, commit, 'Better'));
  expect(patches()).toBe(before);
});

it('says what is in the way: closed, merged, another base, no commits', async () => {
  const world = await newGitHubWorld();
  const { forge, github, taskOf } = world;
  const closed = await published(world, taskOf(), 'a.txt');
  github.closeByHuman(closed.number);
  await expect(forge.ensurePullRequest(requestFor(closed.task, closed.commit))).rejects.toThrow(
    /was closed without a merge: reopen it/,
  );
  const merged = await published(world, taskOf(), 'b.txt');
  await github.mergeByHuman(merged.number);
  const same = await forge.ensurePullRequest(requestFor(merged.task, merged.commit));
  expect(same.number).toBe(merged.number);
  const next = requestFor(merged.task, closed.commit);
  await expect(forge.ensurePullRequest(next)).rejects.toMatchObject({ code: 'conflict' });
  const moved = await published(world, taskOf(), 'c.txt');
  github.state.pull(moved.number).base = 'release';
  await expect(forge.ensurePullRequest(requestFor(moved.task, moved.commit))).rejects.toThrow(
    /goes to release, not to main/,
  );
  await expect(forge.ensurePullRequest(requestFor(taskOf(), moved.commit))).rejects.toThrow(
    /GitHub answered 422 .*is not there/,
  );
});

it('takes a 409 for "exists" as well, as forges answer that speak the same language', async () => {
  const world = await newGitHubWorld();
  const { task, commit, number } = await published(world);
  world.github.listLagMs = Number.POSITIVE_INFINITY;
  world.github.fault = (route) => {
    if (!route.startsWith('POST')) return undefined;
    world.github.listLagMs = 0;
    return { status: 409, message: 'pull request already exists' };
  };
  expect(await world.forge.ensurePullRequest(requestFor(task, commit))).toMatchObject({ number });
});
