/**
 * A task on each of many random repositories, through an engine: its result is what `git merge` of the same change gives
 * there, or it was refused before an agent was started, for a reason of a list. `npm run test:kills` does 300.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { agent, type EngineRig, startRig } from '../e2e/rig.ts';
import { applyEdits } from '../fixtures/agents/apply-edits.mjs';
import { judge, treeOf } from './judge.ts';
import { commitAll, type Made, makeRepository } from './make.ts';
import { type Checkout, type Plan, plans, REFUSALS, type Refusal } from './plan.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const COUNT = ALL ? 300 : 12;
/** A bound for a hang. */
const CLOSE_MS = ALL ? 600_000 : 60_000;
const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`repositories with seed ${seed}; PAWL_SEED=${seed} makes them again`);

/** What each is told. */
const WORDS: Readonly<Record<Refusal, RegExp>> = {
  'a branch without a commit': /has no branch "unborn"/,
  'no such base': /has no branch "nosuch"/,
  'the base stands for another branch':
    /stands-for in .* only stands for branch .*: name that one with --base/,
  'names of objects by SHA-256': /uses sha256 object names: Pawl knows sha1 only/,
  'a branch in the way': /branch pawl in .* is in the way of pawl\//,
  'work of others on the branch of the task':
    /holds work that is not of this task: rename it \(`git .* branch -m .*`\), then retry/,
};
const PARTIAL = /is a partial clone and lacks .*: run `git fetch --refetch --no-filter` there/;
const REBASED = /a rebase of .* is under way in .*: end it, then retry/;

/** Where the checkout must be at the merge afterwards, and where nothing of it may be touched. The others may do either. */
const FOLLOWS: readonly Checkout[] = [
  'clean',
  'another branch',
  'detached',
  'an unknown file',
  'a bisect',
  'a rebase of another branch',
];
const KEPT_ASIDE: readonly Checkout[] = [
  'other changes',
  'staged',
  'a merge under way',
  'a cherry-pick under way',
  'an index lock',
];

/** How often each has come. */
const outcomes = new Map<string, number>();

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  console.info(`what became of ${COUNT}: ${JSON.stringify(Object.fromEntries(outcomes))}`);
  await rig.close();
  const all = ['merged', 'kept aside', 'conflict', 'partial clone', 'a rebase of the base', ...REFUSALS];
  if (ALL) expect([...outcomes.keys()]).toEqual(expect.arrayContaining(all));
  // Every history is replayed first.
}, CLOSE_MS);

/** Without an index lock, which the person's own git would not look past. */
const statusOf = ({ checkout }: Made): string | undefined =>
  checkout === undefined
    ? undefined
    : userGit(checkout, '--no-optional-locks', 'status', '--porcelain', '--untracked-files=all', '-z');

const refsOf = (repository: string) =>
  new Map(
    userGit(repository, 'for-each-ref', '--format=%(refname) %(objectname)')
      .split('\n')
      .map((line): [string, string] => [
        line.slice(0, line.lastIndexOf(' ')),
        line.slice(line.lastIndexOf(' ') + 1),
      ]),
  );

describe.concurrent.each(
  fc
    .sample(plans, { seed, numRuns: COUNT })
    .map((plan, at) => [at, plan.layout, plan.checkout, plan] as const),
)('%i: %s, %s', (at, _layout, _checkout, plan) => {
  it('is as git would have it', { timeout: 120_000 }, async () => {
    const id = TaskId.parse(`random-${at}`);
    const made = makeRepository(plan);
    if (plan.refusal === 'work of others on the branch of the task') {
      const { repository } = made;
      const tree = treeOf(repository, `refs/heads/${plan.base}`);
      userGit(repository, 'branch', `pawl/${id}`, userGit(repository, 'commit-tree', '-m', 'theirs', tree));
    }
    const refused = refusalOf(plan);
    const how =
      refused === undefined
        ? await expectDone(id, plan, made)
        : await expectRefused(id, plan, made, refused.words).then(() => refused.why);
    outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
  });
});

/** The first of what is told before an agent is paid. */
function refusalOf({ refusal, checkout, layout }: Plan) {
  if (refusal !== undefined) return { why: refusal, words: WORDS[refusal] };
  if (checkout === 'a rebase of the base') return { why: checkout, words: REBASED };
  return layout === 'partial clone' ? { why: layout, words: PARTIAL } : undefined;
}

const BASE_OF: Partial<Record<Refusal, string>> = {
  'no such base': 'nosuch',
  'the base stands for another branch': 'stands-for',
  'a branch without a commit': 'unborn',
};

/** @returns the task once it waits for a person or is over, or the answer where it could not begin */
const begin = (id: TaskId, { agent: edits, base, refusal }: Plan, { repository }: Made, witness: string) =>
  rig
    .run({
      id,
      repository,
      base: (refusal && BASE_OF[refusal]) ?? base,
      agent: {
        name: 'command',
        command: agent('edits', witness, Buffer.from(JSON.stringify(edits)).toString('base64')),
      },
    })
    .then(() => rig.until(id, ({ status }) => isClosed(status) || status === 'awaiting_gate'))
    .catch((error: Error) => error);

async function expectRefused(id: TaskId, plan: Plan, made: Made, words: RegExp): Promise<void> {
  const [refs, status] = [refsOf(made.repository), statusOf(made)];
  const witness = join(scratchFolder('witness'), 'started');
  const ran = await begin(id, plan, made, witness);
  expect(ran instanceof Error ? ran.message : ran.failure?.message).toMatch(words);
  expect(existsSync(witness)).toBe(false);
  expect(refsOf(made.repository)).toEqual(refs);
  expect(statusOf(made)).toBe(status);
}

/** @returns what became of it */
async function expectDone(id: TaskId, plan: Plan, made: Made): Promise<string> {
  const { repository } = made;
  const base = `refs/heads/${plan.base}`;
  const [refs, status] = [refsOf(repository), statusOf(made)];
  const from = refs.get(base) ?? '';
  const ran = await begin(id, plan, made, join(scratchFolder('witness'), 'started'));
  if (ran instanceof Error) throw ran;
  const tip = ran.gates.at(-1)?.gate === 'approval' ? move(plan, made, from) : from;
  const done = await approved(id, ran);
  const landed = userGit(repository, 'rev-parse', base);
  if (plan.move === 'none') expect(statusOf(made)).toBe(status);
  made.putAside();
  const verdict = judge(plan, repository, from, tip);
  if (verdict.kind !== 'merged') {
    expect(done.status).not.toBe('completed');
    if (verdict.kind === 'a link leads out')
      expect(done.failure?.message).toContain('a link leads out of the repository');
    else
      expect(done.attempts.at(-1)?.failure?.class).toBe(
        verdict.kind === 'conflict' ? 'conflict' : 'no_change',
      );
    expect(landed).toBe(tip);
    if (!isClosed(done.status)) await rig.api.cancel({ id });
    expectNothingLost(plan, made, id, refs);
    return verdict.kind;
  }
  expect(done, `${done.failure?.class}: ${done.failure?.message}`).toMatchObject({ status: 'completed' });
  // What the person has committed meanwhile is all of the change: nothing is merged on top of it.
  if (verdict.tree === treeOf(repository, tip)) {
    expect([landed, done.mergedCommit, done.takeCommand]).toEqual([tip, tip, undefined]);
    expectNothingLost(plan, made, id, refs);
    return 'merged by hand';
  }
  if (done.takeCommand === undefined) expect(KEPT_ASIDE).not.toContain(plan.checkout);
  else {
    expect(FOLLOWS, done.takeReason).not.toContain(plan.checkout);
    expect(landed).toBe(tip);
    execFileSync('sh', ['-c', done.takeCommand], { stdio: 'pipe' });
  }
  expect(userGit(repository, 'rev-parse', base)).toBe(done.mergedCommit);
  expect(treeOf(repository, base)).toBe(verdict.tree);
  expect(userGit(repository, 'rev-parse', `${base}^1`)).toBe(tip);
  expectNothingLost(plan, made, id, refs);
  return done.takeCommand === undefined ? 'merged' : 'kept aside';
}

/** Approves until it is over or asks for more than that. */
async function approved(id: TaskId, ran: TaskState): Promise<TaskState> {
  const openIn = ({ gates }: TaskState) => gates.find(({ status }) => status === 'open');
  let state = ran;
  for (let gate = openIn(state); gate?.gate === 'approval'; gate = openIn(state)) {
    const before = gate.id;
    await rig.api.approve({ id, by: 'ann' });
    state = await rig.until(id, (now) => isClosed(now.status) || (openIn(now)?.id ?? before) !== before);
  }
  return state;
}

/** @returns where the base is then */
function move({ move: how, person, base }: Plan, { repository, checkout }: Made, from: string): string {
  if (how === 'none') return from;
  const ref = `refs/heads/${base}`;
  // Whoever has no working tree pushes from a clone.
  const folder = checkout ?? join(scratchFolder('push'), 'clone');
  if (checkout === undefined) userGit(repository, 'clone', '-q', '-b', base, repository, folder);
  if (how === 'rewrite') userGit(folder, 'reset', '-q', '--hard', 'HEAD~1');
  applyEdits(folder, person);
  if (how === 'amend') {
    userGit(folder, 'add', '--all', '--', '.', ':(exclude)vendor');
    userGit(folder, 'commit', '-q', '--allow-empty', '--amend', '-m', 'amended');
  } else commitAll(folder, 'mine');
  if (checkout === undefined) userGit(folder, 'push', '-q', '--force', 'origin', `HEAD:${ref}`);
  return userGit(repository, 'rev-parse', ref);
}

/** Every ref is where it was but for the base, and there is no new one but of work that was not merged. */
function expectNothingLost(
  { base }: Plan,
  { repository }: Made,
  id: string,
  refs: ReadonlyMap<string, string>,
): void {
  const after = refsOf(repository);
  for (const [ref, commit] of refs)
    if (ref !== `refs/heads/${base}`) expect(`${ref} ${after.get(ref)}`).toBe(`${ref} ${commit}`);
  const more = [...after.keys()].filter(
    (ref) => !refs.has(ref) && !ref.startsWith(`refs/heads/pawl/${id}`) && ref !== `refs/pawl/${id}`,
  );
  expect(more).toEqual([]);
  userGit(repository, 'fsck', '--connectivity-only', '--no-dangling', '--no-progress');
  const { workspaces } = rig.places;
  expect((existsSync(workspaces) ? readdirSync(workspaces) : []).filter((name) => name === id)).toEqual([]);
}
