/** When an agent-run task waits or is stopped: quotas, cancellation, continue-as-new. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import { createHarness, type Harness, type Task } from './harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await createHarness();
});

afterAll(() => harness.close());

const steps = (task: Task) => harness.calls(task.id).map(({ step }) => step);

const approve = (task: Task) =>
  task.send('approve_gate', { gate: 'approval', decision: 'approve', by: 'me', via: 'cli' });

const atGate = (task: Task) => task.until(({ status }) => status === 'awaiting_gate');

describe('an agent-run task that waits or is stopped', () => {
  it('waits out a quota without using up attempts', async () => {
    const spec = agentSpec({ attemptsMax: 2 });
    let limited = 0;
    harness.useSteps(spec.id, {
      runAttempt: (input) => {
        limited += 1;
        return limited <= 4 ? fails('rate_limited', { retryAfterMs: 3_600_000 })() : easy.runAttempt(input);
      },
    });
    const task = await harness.start({ spec });
    await task.until(({ status }) => status === 'blocked');
    const waiting = await task.state();
    expect(waiting.waitingFor).toContain('3600 s');
    await harness.skip(5 * 3_600_000);
    await atGate(task);
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
    expect((await task.state()).attempts).toHaveLength(5);
  });

  it('cleans up when it is cancelled while it waits', async () => {
    const task = await harness.start({ spec: agentSpec() });
    await atGate(task);
    await task.cancel();
    await expect(task.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(steps(task).at(-1)).toBe('cleanUp');
    expect((await task.state()).status).toBe('cancelled');
  });

  it('closes the workspace when its client calls it failed at a gate, but not of a task from before', async () => {
    const failed = { summary: 'not worth it', outcome: 'failed' };
    for (const [edition, last] of [
      [EDITION, 'cleanUp'],
      [2, 'publish'],
    ] as const) {
      const task = await harness.start({ spec: agentSpec(), edition });
      await atGate(task);
      await task.send('complete', failed);
      await expect(task.result()).rejects.toMatchObject({ cause: { message: 'not worth it' } });
      expect(steps(task).at(-1)).toBe(last);
    }
  });

  describe.each<[string, Partial<Steps>]>([
    ['approval', {}],
    ['escalation', { runAttempt: fails('blocked') }],
  ])('called failed at an open %s', (gate, own) => {
    const atOpenGate = async (): Promise<Task> => {
      const spec = agentSpec();
      harness.useSteps(spec.id, own);
      const task = await harness.start({ spec });
      await atGate(task);
      return task;
    };
    const failed = { summary: 'not worth it', outcome: 'failed' };

    it('goes on waiting where whoever says so may not decide', async () => {
      const task = await atOpenGate();
      const refused = { ...failed, by: 'ci', mayDecide: false };
      await expect(task.send('complete', refused)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('a gate waits for a decision') },
      });
      await task.signal('complete', refused);
      const state = await task.until(({ ignoredMessages }) => ignoredMessages === 1);
      expect(state).toMatchObject({ status: 'awaiting_gate' });
      expect(state.gates.at(-1)).toMatchObject({ gate, status: 'open' });
      await task.terminate();
    });

    it('keeps the gate under the name of who has decided so, and without one as before', async () => {
      const task = await atOpenGate();
      await task.send('complete', { ...failed, by: 'ann' });
      await expect(task.result()).rejects.toMatchObject({ cause: { message: 'not worth it' } });
      const { gates } = await task.state();
      const decision = { status: 'rejected', by: 'ann', via: 'update', reason: 'not worth it' };
      expect(gates.at(-1)).toMatchObject({ gate, ...decision });

      const nameless = await atOpenGate();
      await nameless.send('complete', failed);
      await expect(nameless.result()).rejects.toThrow();
      expect((await nameless.state()).gates.map(({ status }) => status)).not.toContain('rejected');
    });
  });

  it('keeps the latest notes when it cannot clean up', async () => {
    const spec = agentSpec();
    harness.useSteps(spec.id, { cleanUp: fails('git') });
    const task = await harness.start({ spec });
    await atGate(task);
    for (let n = 1; n <= LIMITS.notesKeptMax; n += 1) await task.send('update', { note: `note ${n}` });
    await task.cancel();
    await expect(task.result()).rejects.toThrow();
    const { notes } = await task.state();
    expect(notes).toHaveLength(LIMITS.notesKeptMax);
    expect(notes.at(0)).toBe('note 2');
    expect(notes.at(-1)).toContain('not cleaned up');
  });

  it('says where work is that was kept, at its start and at its end', async () => {
    const spec = agentSpec();
    harness.useSteps(spec.id, {
      prepareWorkspace: async (input) => ({
        ...(await easy.prepareWorkspace(input)),
        kept: ['pawl/x.kept-1 (the run before)'],
      }),
      cleanUp: async () => ({ kept: ['pawl/x (its work)', 'pawl/x.kept-2 (a stash)'] }),
    });
    const task = await harness.start({ spec });
    await atGate(task);
    await task.cancel();
    await expect(task.result()).rejects.toThrow();
    expect((await task.state()).notes).toEqual([
      'kept in the repository: pawl/x.kept-1 (the run before)',
      'kept in the repository: pawl/x (its work), pawl/x.kept-2 (a stash)',
    ]);
  });

  it('ends with what kept its checks from being run, however the attempts ended that were to mend it', async () => {
    const spec = agentSpec({ attemptsMax: 2, fixAttemptsMax: 1 });
    const problem = 'submodule lib is nowhere';
    harness.useSteps(spec.id, {
      runAttempt: (input) => (input.attempt.reason === 'fix' ? fails('no_change')() : easy.runAttempt(input)),
      runChecks: async ({ commit }) => ({ commit, evidence: [], problem }),
    });
    const task = await harness.start({ spec });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'check_failed' } });
    expect((await task.state()).failure).toMatchObject({
      class: 'check_failed',
      message: `check failed: ${problem}; the fix attempt changed nothing`,
    });
  });

  it('ends with its own failure, and says so, when it cannot clean up', async () => {
    const spec = agentSpec();
    harness.useSteps(spec.id, { prepareWorkspace: fails('git'), cleanUp: fails('git') });
    const task = await harness.start({ spec });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'git' } });
    const state = await task.state();
    expect(state).toMatchObject({ status: 'failed', failure: { class: 'git', message: 'it was git' } });
    expect(state.notes.at(-1)).toContain('not cleaned up');
  });

  it('keeps waiting for its approval across continue-as-new', async () => {
    const task = await harness.start({ spec: agentSpec(), eventsMax: 30 });
    await atGate(task);
    for (let n = 0; n < 4; n += 1) await task.send('update', { note: `note ${n}` });
    expect((await task.describe()).runId).not.toBe(task.firstRun);
    expect(await task.state()).toMatchObject({
      status: 'awaiting_gate',
      notes: expect.arrayContaining(['note 3']),
    });
    await approve(task);
    expect((await task.until(({ status }) => status === 'completed')).mergedCommit).toBe('merge1');
    expect(steps(task)).toEqual(['prepareWorkspace', 'runAttempt', 'runChecks', 'publish', 'merge']);
  });
});
