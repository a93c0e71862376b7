/** When an agent-run task does what: the order of its steps, the recovery ladder, gates, cancellation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/domain/task-state.ts';
import { agentSpec, easy, evidence, fails } from './easy-steps.ts';
import { createHarness, type Harness, type Task } from './harness.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await createHarness();
});

afterAll(() => harness.close());

const steps = (task: Task) => harness.calls(task.id).map(({ step }) => step);

const attempts = (task: Task) =>
  harness
    .calls(task.id)
    .flatMap((call) =>
      call.step === 'runAttempt' ? [call.input as Parameters<typeof easy.runAttempt>[0]] : [],
    );

const approve = (task: Task) =>
  task.send('approve_gate', { gate: 'approval', decision: 'approve', by: 'me', via: 'cli' });

const atGate = (task: Task) => task.until(({ status }) => status === 'awaiting_gate');

describe('an agent-run task', () => {
  it('goes its steps once each and waits for a person before it merges', async () => {
    const task = await harness.start({ spec: agentSpec() });
    const waiting = await atGate(task);
    expect(waiting.gates).toMatchObject([
      { gate: 'check', status: 'passed' },
      { gate: 'approval', status: 'open' },
    ]);
    await approve(task);
    expect(await task.result()).toEqual({ id: task.id, status: 'completed', mergedCommit: 'merge1' });
    expect(steps(task)).toEqual(['prepareWorkspace', 'runAttempt', 'runChecks', 'publish', 'merge']);
    const done = await task.state();
    expect(done.gates.at(-1)).toMatchObject({
      gate: 'approval',
      status: 'approved',
      by: 'me',
      via: 'cli',
      digest: 'shown-commit1',
    });
    expect(done).toMatchObject({
      status: 'completed',
      mergedCommit: 'merge1',
      pullRequest: { number: 1 },
      unverified: false,
    });
  });

  it('says unverified where no check is configured', async () => {
    const spec = { ...agentSpec(), checks: [] };
    const task = await harness.start({ spec });
    const state = await atGate(task);
    expect(state).toMatchObject({ unverified: true });
    expect(state.gates).toMatchObject([
      { gate: 'check', status: 'unverified' },
      { question: expect.stringContaining('unverified') },
    ]);
    await task.terminate();
  });

  it('has a commit that must not be looked at by its agent again, where no check is configured', async () => {
    const spec = { ...agentSpec({ fixAttemptsMax: 1 }), checks: [] };
    const problem = 'out -> /etc: a link leads out of the repository';
    harness.useSteps(spec.id, {
      runChecks: async ({ commit }) => ({
        commit,
        evidence: [],
        ...(commit === 'commit1' ? { problem } : {}),
      }),
    });
    const task = await harness.start({ spec });
    expect(await atGate(task)).toMatchObject({
      unverified: true,
      gates: [
        { gate: 'check', status: 'failed', reason: problem },
        { gate: 'check', status: 'unverified' },
        { gate: 'approval' },
      ],
    });
    expect(attempts(task)[1]?.attempt.feedback).toContain(problem);
    await task.terminate();
  });

  it('resumes an interrupted attempt from its checkpoint and names it', async () => {
    const checkpoint: Checkpoint = {
      number: 3,
      attempt: 1,
      tree: 'abc',
      completed: ['a'],
      next: ['b'],
      createdFiles: [],
    };
    const spec = agentSpec();
    harness.useSteps(spec.id, {
      runAttempt: (input) =>
        input.attempt.number === 1 ? fails('interrupted', { checkpoint })() : easy.runAttempt(input),
    });
    const task = await harness.start({ spec });
    const state = await atGate(task);
    expect(state.attempts).toMatchObject([
      { number: 1, reason: 'first', outcome: 'failed', failure: { class: 'interrupted' } },
      { number: 2, reason: 'resume', outcome: 'done', resumedFrom: '1.3' },
    ]);
    expect(attempts(task)[1]?.attempt.checkpoint).toEqual(checkpoint);
    expect(new Set(attempts(task).map(({ attempt }) => attempt.token)).size).toBe(2);
    await task.terminate();
  });

  it('starts a fix attempt with the failing output, and fails when it is of no use', async () => {
    const spec = agentSpec({ fixAttemptsMax: 2 });
    harness.useSteps(spec.id, {
      runChecks: async ({ commit }) => ({
        commit,
        evidence: [evidence('tests', ['npm', 'test'], commit, 1)],
      }),
    });
    const task = await harness.start({ spec });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'check_failed' } });
    const state = await task.state();
    expect(state.attempts.map(({ reason }) => reason)).toEqual(['first', 'fix', 'fix']);
    expect(attempts(task)[1]?.attempt.feedback).toContain('expected 1, got 2');
    expect(state.failure?.output).toContain('expected 1, got 2');
    expect(steps(task).at(-1)).toBe('cleanUp');
    expect(steps(task)).not.toContain('publish');
  });

  it.each([
    { ending: 'no_change', told: 'changed nothing', reasons: ['first', 'fix'] },
    { ending: 'unknown', told: 'cause not known: it was unknown', reasons: ['first', 'fix', 'restart'] },
  ] as const)(
    'tells fix attempts that end $ending as the failed check',
    async ({ ending, told, reasons }) => {
      const spec = agentSpec();
      harness.useSteps(spec.id, {
        runAttempt: (input) => (input.attempt.number === 1 ? easy.runAttempt(input) : fails(ending)()),
        runChecks: async ({ commit }) => ({
          commit,
          evidence: [evidence('tests', ['npm', 'test'], commit, 1)],
        }),
      });
      const task = await harness.start({ spec });
      await expect(task.result()).rejects.toMatchObject({ cause: { type: 'check_failed' } });
      const { attempts: all, failure } = await task.state();
      expect(all.map(({ reason }) => reason)).toEqual(reasons);
      expect(failure?.message).toContain(told);
      expect(failure?.output).toContain('expected 1, got 2');
    },
  );

  it('ends no_change when the agent left nothing', async () => {
    const spec = agentSpec();
    harness.useSteps(spec.id, { runAttempt: fails('no_change') });
    const task = await harness.start({ spec });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'no_change' } });
    expect((await task.state()).attempts).toHaveLength(1);
  });

  it('gives a rejection to the agent, brings the pull request up to date and asks again', async () => {
    const task = await harness.start({ spec: agentSpec() });
    await atGate(task);
    await task.send('approve_gate', { gate: 'approval', decision: 'reject', by: 'me', reason: 'rename it' });
    await task.until(({ attempts: all, status }) => all.length === 2 && status === 'awaiting_gate');
    expect(attempts(task)[1]?.attempt).toMatchObject({
      reason: 'fix',
      feedback: expect.stringContaining('rename it'),
    });
    await approve(task);
    await task.result();
    expect(steps(task).filter((step) => step === 'publish')).toHaveLength(2);
  });

  it('fails on a rejection where the policy says so', async () => {
    const task = await harness.start({ spec: agentSpec({ onReject: 'fail' }) });
    await atGate(task);
    await task.send('approve_gate', { gate: 'approval', decision: 'reject', by: 'me', reason: 'no' });
    await expect(task.result()).rejects.toMatchObject({ cause: { type: 'rejected' } });
  });

  it('refuses an approval of what was shown before, and complete and status from outside', async () => {
    const task = await harness.start({ spec: agentSpec() });
    await atGate(task);
    const stale = { gate: 'approval', decision: 'approve', by: 'me', digest: 'shown-commit0' };
    await expect(task.send('approve_gate', stale)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('stale') },
    });
    await expect(task.send('approve_gate', { ...stale, gate: 'check' })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('engine alone') },
    });
    await expect(task.send('complete', { summary: 'trust me' })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('merge') },
    });
    await expect(task.send('update', { status: 'in_progress' })).rejects.toThrow();
    await task.terminate();
  });

  it('checks and asks again when the base has moved', async () => {
    const spec = agentSpec();
    let merges = 0;
    harness.useSteps(spec.id, {
      merge: async (input) => {
        merges += 1;
        return merges === 1
          ? { kind: 'base_moved', commit: 'joined1', baseCommit: 'base1' }
          : easy.merge(input);
      },
    });
    const task = await harness.start({ spec });
    await atGate(task);
    await approve(task);
    const again = await task.until(({ gates, status }) => status === 'awaiting_gate' && gates.length > 2);
    expect(again.gates.filter(({ status }) => status === 'stale')).toHaveLength(2);
    expect(again.gates.at(-1)).toMatchObject({ commit: 'joined1', digest: 'shown-joined1' });
    await approve(task);
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });
});
