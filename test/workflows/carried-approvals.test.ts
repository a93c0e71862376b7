/** An approval where the base moves before the merge: carried over to the same change, or asked for again. */
import { describe, expect, it } from 'vitest';
import type { TaskState } from '../../src/domain/task-state.ts';
import { approve, atGate, attempts, harness, start, steps, tell } from './agent-tasks.ts';
import { agentSpec, easy, evidence, fails, type Steps } from './easy-steps.ts';
import { MERGED, merges, moved, offers } from './moving-steps.ts';

const gatesOf = ({ gates }: TaskState) => gates.map(({ id, status }) => `${id} ${status}`);

it('is carried over as often as the base moves, and says from where and whose it is', async () => {
  const task = await start(agentSpec(), { publish: offers(), merge: merges(moved(1), moved(2)) });
  await atGate(task);
  await approve(task);
  const state = (await task.result()) as TaskState;
  expect(state.status).toBe('completed');
  const { gates } = await task.state();
  expect(gatesOf(await task.state())).toEqual([
    'check-1 stale',
    'approval-1 stale',
    'check-2 stale',
    'approval-2 stale',
    'check-3 passed',
    'approval-3 approved',
  ]);
  const [asked, carried] = [gates[1], gates[5]];
  expect(asked).not.toHaveProperty('carriedFrom');
  expect(carried).toMatchObject({
    commit: 'joined2',
    digest: 'shown-joined2',
    by: 'me',
    via: 'cli',
    decidedAt: asked?.decidedAt,
    carriedFrom: 'approval-1',
  });
  expect(steps(task)).toEqual([
    'prepareWorkspace',
    'runAttempt',
    ...['runChecks', 'publish', 'merge', 'runChecks', 'publish', 'merge', 'runChecks', 'publish', 'merge'],
  ]);
  const last = harness.calls(task.id).at(-1)?.input;
  expect(last).toMatchObject({ commit: 'joined2', baseCommit: 'base2', carries: true });
});

describe('is asked for again where', () => {
  const checks = (first: readonly string[], later: readonly string[]): Partial<Steps> => ({
    runChecks: async ({ commit }) => ({
      commit,
      evidence: (commit === 'commit1' ? first : later).map((name) => evidence(name, ['true'], commit, 0)),
    }),
  });
  const prepared =
    (more: object): Steps['prepareWorkspace'] =>
    async (input) => ({
      ...(await easy.prepareWorkspace(input)),
      ...more,
    });
  const same = (): Partial<Steps> => ({ publish: offers(), merge: merges(moved(1)) });
  const AGAIN: readonly (readonly [string, () => Partial<Steps>])[] = [
    [
      'the change is another one',
      () => ({ ...same(), publish: offers({ joined1: { change: 'sha256:other' } }) }),
    ],
    ['the engine that offered it did not know the change', () => ({ ...same(), publish: easy.publish })],
    ['pawl.yaml wants it', () => ({ ...same(), prepareWorkspace: prepared({ approvals: 'strict' }) })],
    ['no check says that it still works', () => ({ ...same(), prepareWorkspace: prepared({ checks: [] }) })],
    ['a check more was run', () => ({ ...same(), ...checks(['a'], ['a', 'b']) })],
    ['another check was run', () => ({ ...same(), ...checks(['a'], ['b']) })],
    ['more is flagged', () => ({ ...same(), publish: offers({}, { joined1: { flagged: ['a.test.ts'] } }) })],
    [
      'there is more to look at',
      () => ({ ...same(), publish: offers({}, { joined1: { remarks: [{ path: 'a', why: 'is large' }] } }) }),
    ],
    ['the base was rewritten', () => ({ ...same(), merge: merges(moved(1, { baseRewritten: true })) })],
    [
      'it was rewritten when it was approved, and is rewritten again',
      () => ({
        publish: offers({}, { commit1: { baseRewritten: true }, joined1: { baseRewritten: true } }),
        merge: merges(moved(1, { baseRewritten: true })),
      }),
    ],
  ];
  it.each(AGAIN)('%s', async (_, own) => {
    const task = await start(agentSpec(), own());
    await atGate(task);
    await approve(task);
    const again = await task.until(({ gates, status }) => status === 'awaiting_gate' && gates.length > 2);
    expect(again.gates.slice(0, 2).map(({ status }) => status)).toEqual(['stale', 'stale']);
    expect(again.gates.at(-1)).toMatchObject({ status: 'open', commit: 'joined1', digest: 'shown-joined1' });
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
    expect((await task.state()).gates.at(-1)).not.toHaveProperty('carriedFrom');
  });

  it('an instruction came in between', async () => {
    let checked = 0;
    const task = await start(agentSpec(), {
      publish: offers(),
      merge: merges(moved(1)),
      runChecks: async (input) => {
        checked += 1;
        // While what the base made of the change is checked.
        if (checked === 2) await tell(task, 'more tests');
        return easy.runChecks(input);
      },
    });
    await atGate(task);
    await approve(task);
    const again = await atGate(task, 2);
    expect(again.gates.at(-1)).toMatchObject({ status: 'open', commit: 'commit2' });
    await task.terminate();
  });

  it('its check fails then', async () => {
    const task = await start(agentSpec(), {
      publish: offers(),
      merge: merges(moved(1)),
      runChecks: async ({ commit }) => ({
        commit,
        evidence: [evidence('tests', ['true'], commit, commit === 'joined1' ? 1 : 0)],
      }),
    });
    await atGate(task);
    await approve(task);
    const again = await atGate(task, 2);
    expect(gatesOf(again)).toEqual([
      'check-1 stale',
      'approval-1 stale',
      'check-2 failed',
      'check-3 passed',
      'approval-2 open',
    ]);
    expect(attempts(task).at(-1)?.feedback).toMatch(
      /main has moved to base1 since this change was approved; on the base before it passed/,
    );
    await task.terminate();
  });
});

it('a gate at which a change was turned down stays so when the base moves later', async () => {
  const task = await start(agentSpec(), { publish: offers(), merge: merges(moved(1)) });
  await atGate(task);
  await task.send('approve_gate', { gate: 'approval', decision: 'reject', by: 'ann', reason: 'no' });
  await atGate(task, 2);
  await approve(task);
  await task.result();
  const { gates } = await task.state();
  expect(gates.find(({ id }) => id === 'approval-1')).toMatchObject({
    status: 'rejected',
    by: 'ann',
    reason: 'no',
  });
  expect(gates.at(-1)).toMatchObject({ status: 'approved', by: 'me', carriedFrom: 'approval-2' });
});

it('says meanwhile, also to who decides again, that nobody is needed', async () => {
  const CHECKED = /the base branch has moved: the change is checked again, and carried over if it passes/;
  let meanwhile: Promise<unknown> = Promise.resolve();
  let seen: TaskState | undefined;
  const task = await start(agentSpec(), {
    publish: offers(),
    merge: merges(moved(1)),
    runChecks: async (input) => {
      if (input.commit === 'joined1') {
        seen = await task.state();
        meanwhile = approve(task).catch((error: unknown) => error);
        await meanwhile;
      }
      return easy.runChecks(input);
    },
  });
  await atGate(task);
  await approve(task);
  await task.result();
  expect(seen?.gates[1]).toMatchObject({ status: 'stale', by: 'me', reason: expect.stringMatching(CHECKED) });
  const refused = (await meanwhile) as { readonly cause?: Error };
  expect(refused.cause?.message).toMatch(/^gate approval-1 is stale by me via cli at .* \(the base branch/);
  const { gates } = await task.state();
  expect(gates[1]).not.toHaveProperty('reason');
  expect(gates.at(-1)).not.toHaveProperty('reason');
});

describe('a merge whose tries were all lost with their workers', () => {
  it('is made again, because that says nothing of it', async () => {
    let tries = 0;
    const task = await start(agentSpec(), {
      merge: async () => {
        tries += 1;
        return tries <= 3 ? fails('worker_lost')() : MERGED;
      },
    });
    await atGate(task);
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
    expect(steps(task).filter((step) => step === 'merge')).toHaveLength(4);
  });

  it('asks a person where that never ends', async () => {
    const task = await start(agentSpec(), { merge: fails('worker_lost') });
    await atGate(task);
    await approve(task);
    const asked = await task.until(({ gates }) => gates.at(-1)?.gate === 'escalation');
    expect(asked.gates.at(-1)?.question).toBe('approved, and could not be merged: it was worker_lost');
    expect(steps(task).filter((step) => step === 'merge')).toHaveLength(21);
    await task.cancel();
  });
});
