/** The three messages of a waiting task, as updates and as signals, well-formed and not. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDITION } from '../../src/domain/task-record.ts';
import { clientSpec } from './easy-steps.ts';
import { createHarness, type Harness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const refusal = async (call: Promise<unknown>): Promise<ApplicationFailure> => {
  const error = await call.then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  const { cause } = error as WorkflowUpdateFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  return cause as ApplicationFailure;
};

describe('a client-driven task', () => {
  it('goes from pending through in_progress to completed and keeps what it was told', async () => {
    const task = await harness.start({ spec: clientSpec() });
    expect((await task.state()).status).toBe('pending');
    const ack = await task.send('update', {
      messageId: 'u1',
      status: 'in_progress',
      note: 'begun',
      progress: 0.5,
    });
    expect(ack).toEqual({ id: task.id, status: 'in_progress', before: { status: 'pending' } });
    await task.send('complete', { messageId: 'c1', summary: 'all done', artifacts: ['report.md'] });
    expect(await task.result()).toMatchObject({ status: 'completed', mergedCommit: null });
    const state = await task.state();
    expect(state).toMatchObject({
      status: 'completed',
      summary: 'all done',
      notes: ['begun'],
      progress: 0.5,
    });
    expect(state.artifacts).toEqual(['report.md']);
  });

  it('ends failed when its client says so', async () => {
    const task = await harness.start({ spec: clientSpec() });
    await task.send('complete', { summary: 'cannot be done', outcome: 'failed' });
    await expect(task.result()).rejects.toMatchObject({ cause: { message: 'cannot be done' } });
    expect((await task.state()).failure).toMatchObject({ message: 'cannot be done' });
  });

  it('does the same by signals', async () => {
    const task = await harness.start({ spec: clientSpec() });
    await task.signal('update', { status: 'blocked', note: 'needs a key' });
    expect(await task.until(({ status }) => status === 'blocked')).toMatchObject({
      waitingFor: 'needs a key',
    });
    await task.signal('update', { status: 'in_progress' });
    await task.signal('complete', { summary: 'done' });
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it('answers a resent message with its first answer, and refuses its id for another body', async () => {
    const task = await harness.start({ spec: clientSpec() });
    const first = await task.send('update', { messageId: 'm', status: 'in_progress' }, 'one');
    await task.send('update', { messageId: 'other', status: 'blocked' });
    expect(await task.send('update', { messageId: 'm', status: 'in_progress' }, 'two')).toEqual(first);
    expect((await task.state()).status).toBe('blocked');
    expect((await refusal(task.send('update', { messageId: 'm', status: 'blocked' }))).type).toBe('conflict');
    expect((await refusal(task.send('complete', { messageId: 'm', summary: 'x' }))).type).toBe('conflict');
    await task.terminate();
  });

  it.each([
    ['an unknown field', 'update', { colour: 'red' }],
    ['a wrong type', 'update', { progress: 'half' }],
    ['a number out of range', 'update', { progress: 2 }],
    ['an empty summary', 'complete', { summary: '' }],
    ['nothing at all', 'complete', undefined],
    ['a body over 64 KB', 'update', { note: 'x'.repeat(70_000) }],
  ] as const)('refuses %s and changes nothing', async (_, name, body) => {
    const task = await harness.start({ spec: clientSpec() });
    const before = await task.state();
    const { type, message } = await refusal(task.send(name, body));
    expect(type).toBe('invalid_input');
    expect(message).toMatch(new RegExp(`^${name}: `));
    expect(await task.state()).toEqual(before);
    const { events } = await task.fetchHistory();
    expect(events?.some(({ workflowExecutionUpdateAcceptedEventAttributes: one }) => one)).toBe(false);
    await task.terminate();
  });

  it('refuses an illegal transition, a gate that is not open, and a foreign attempt token', async () => {
    const task = await harness.start({ spec: clientSpec() });
    await task.send('update', { status: 'in_progress' });
    expect((await refusal(task.send('update', { status: 'pending' }))).message).toContain('in_progress');
    const decision = { gate: 'approval', decision: 'approve', by: 'me' };
    expect((await refusal(task.send('approve_gate', decision))).message).toContain('no gate is open');
    const late = { summary: 'late', attemptToken: 'old' };
    expect((await refusal(task.send('complete', late))).message).toContain('attempt token');
    await task.terminate();
  });

  it('ignores and counts whatever a signal carries, and still answers', async () => {
    const task = await harness.start({ spec: clientSpec() });
    const names = ['update', 'complete', 'approve_gate', 'no_such_message'];
    const junk = fc.sample(fc.tuple(fc.constantFrom(...names), fc.jsonValue()), { numRuns: 100, seed: 42 });
    let sent = 0;
    for (const [name, body] of junk) {
      // An empty update is well-formed and changes nothing; everything else here is not.
      if (JSON.stringify(body) === '{}' && name === 'update') continue;
      await task.signal(name, body);
      sent += 1;
    }
    await task.signal('update');
    const state = await task.until(({ ignoredMessages }) => ignoredMessages === sent + 1);
    expect(state).toMatchObject({ status: 'pending' });
    await task.send('complete', { summary: 'alive' });
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it.each([1_001, 3_000, 30_000])(
    'lives on after values %i deep, in a signal and in an update',
    async (depth) => {
      const task = await harness.start({ spec: clientSpec(), edition: EDITION });
      // By hand, because nothing that walks through it should have to.
      const deep = JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
      await task.signal('update', { context: { deep } });
      await task.until(({ ignoredMessages }) => ignoredMessages === 1);
      expect((await refusal(task.send('update', { context: { deep } }))).type).toBe('invalid_input');
      const text = '['.repeat(depth);
      await task.send('update', { note: text.slice(0, 2_000) });
      await task.send('complete', { summary: 'alive' });
      expect(await task.state()).toMatchObject({ status: 'completed', notes: [text.slice(0, 2_000)] });
    },
  );

  it('lives on after a signal of a name that the SDK keeps for itself', async () => {
    const task = await harness.start({ spec: clientSpec(), edition: EDITION });
    await task.signal('__temporal_foo', 1);
    await task.send('update', { note: 'still here' });
    await task.signal('__temporal_foo', 1);
    await task.send('complete', { summary: 'alive' });
    expect(await task.state()).toMatchObject({ status: 'completed', notes: ['still here'] });
  });

  it('is cancelled by a cancellation', async () => {
    const task = await harness.start({ spec: clientSpec() });
    await task.state();
    await task.cancel();
    await expect(task.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect((await task.state()).status).toBe('cancelled');
  });

  it('keeps state and answers across continue-as-new', async () => {
    const task = await harness.start({ spec: clientSpec(), eventsMax: 12 });
    for (let n = 1; n <= 8; n += 1) await task.send('update', { messageId: `m${n}`, note: `note ${n}` });
    const runs = (await task.describe()).runId;
    expect(runs).not.toBe(task.firstRun);
    expect((await task.state()).notes).toHaveLength(8);
    expect(await task.send('update', { messageId: 'm1', note: 'note 1' })).toMatchObject({
      status: 'pending',
    });
    expect((await task.state()).notes).toHaveLength(8);
    await task.send('complete', { summary: 'over' });
    expect((await task.state()).status).toBe('completed');
  });

  it('fails in words when it was started with no task', async () => {
    const handle = await harness.client.workflow.start('task', {
      workflowId: 'by-hand',
      taskQueue: 'pawl',
      args: [],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'invalid_input' } });
  });
});
