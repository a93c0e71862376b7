/** When an execution moves: after messages, looks of the engine, deadlines; over continue-as-new; and how it ends. */
import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryTask } from '../../src/client/querying.ts';
import type { ExecutionSpec } from '../../src/domain/executions/execution-spec.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import type { EndLooksInput, LookInput } from '../../src/domain/executions/look-step.ts';
import type { Seen } from '../../src/domain/executions/looks.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { parseLoop } from '../../src/domain/loops/parse-loop.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import type { ExecutionInput } from '../../src/workflows/execution.ts';
import { approval, phase, skill } from '../domain/executions/written-loops.ts';
import { createHarness, type Harness, QUEUE } from './harness.ts';

let harness: Harness;
const ended: EndLooksInput[] = [];
const looks = new Map<string, (input: LookInput) => Promise<Seen>>();
beforeAll(async () => {
  harness = await createHarness({
    look: (input: LookInput) => looks.get(input.execution)?.(input) ?? Promise.resolve(seeing(input, true)),
    endLooks: async (input: EndLooksInput) => void ended.push(input),
  });
});
afterAll(async () => {
  await harness.close();
});

const seeing = ({ guarantees, checks }: LookInput, passed: boolean): Seen => ({
  commit: 'c1',
  guarantees: guarantees.map(({ id }) => ({ id, passed, errors: passed ? [] : ['not there'], commit: 'c1' })),
  evidence: checks.map(({ name, run: command }) => ({
    ...{ name, command, commit: 'c1', exitCode: passed ? 0 : 1, passed, durationMs: 1 },
    ...{ output: 'sha256:0', tail: '' },
  })),
});

async function start(phases: readonly object[], more: Partial<ExecutionInput> = {}) {
  const read = parseLoop({ loop: 'x', phases });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const id = ExecutionId.parse(`x_${randomUUID().slice(0, 8)}`);
  const spec: ExecutionSpec = {
    ...{ id, title: 'Test', loop: read.loop, digest: 'sha256:0', source: { source: 'home', file: 'x' } },
    ...{ inputs: {}, requester: 'ann', project: '/repo', baseCommit: '0', autonomy: 'full', checks: [] },
    ...{ host: QUEUE, startedAt: '2026-01-01T00:00:00.000Z' },
  };
  harness.replayed(id);
  const handle = await harness.client.workflow.start('execution', {
    workflowId: id,
    taskQueue: QUEUE,
    memo: { edition: EDITION, execution: { title: 'Test', loop: 'x', requester: 'ann' } },
    args: [{ spec, edition: EDITION, seal: 'seal', ...more }],
  });
  const state = () => queryTask<ExecutionState, []>(harness.client, handle, 'state');
  return {
    id,
    handle,
    state,
    tell: (name: string, message: object) =>
      handle.executeUpdate(name, { args: [{ by: 'bob', messageId: randomUUID(), ...message }] }),
    async until(when: (state: ExecutionState) => boolean): Promise<ExecutionState> {
      for (let turn = 0; turn < 500; turn += 1) {
        const now = await state();
        if (when(now)) return now;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`it never got there: ${JSON.stringify(await state())}`);
    },
  };
}

const DOC = { guarantees: [{ id: 'doc', deliverable: 'docs/*' }] };

it('ends as completed once its last gate has passed', async () => {
  const one = await start([phase('p', [skill('a')], [approval('g')])]);
  await one.tell('complete', { skill: 'a' });
  await one.handle.signal('approve_gate', { gate: 'g', decision: 'approve', by: 'cid', via: 'cli' });
  expect(await one.handle.result()).toEqual({ id: one.id, status: 'completed' });
  // What a signal claims of its way counts for nothing.
  expect((await one.state()).phases[0]?.gates[0]?.approvals).toMatchObject([{ by: 'cid', via: 'signal' }]);
});

it.each([
  ...[
    { act: 'advance' },
    { act: 'retry', skill: 'a', deliverables: ['d'] },
    { act: 'pick', skill: 'a', item: 'i' },
  ],
  ...[
    { act: 'raise_budget', usd: 1.5, attempts: 2, wallSeconds: 60 },
    { act: 'look', gate: 'g' },
  ],
  { act: 'resolve', gate: 'g', guarantee: 'x', type: 'waived_with_reason', evidence: 'e' },
  ...[
    { act: 'set_gates', gate: 'g', enabled: true },
    { act: 'reset', skill: 'a', keepResolutions: true },
  ],
])('takes or refuses %j in words, as the first of its kind', async (steer) => {
  const one = await start([phase('p', [skill('a')], [approval('g')])]);
  const answer = await one.tell('steer', { steer }).catch((error: unknown) => String((error as Error).cause));
  expect(JSON.stringify(answer)).not.toMatch(/read only|extensible|TypeError/);
  expect((await one.state()).ignoredMessages).toBe(0);
  await one.tell('steer', { steer: { act: 'abort' } });
});

it('has the engine look before a report counts, and hears what it saw', async () => {
  const one = await start([phase('p', [skill('a', DOC)])]);
  const inputs: LookInput[] = [];
  looks.set(one.id, async (input) => {
    inputs.push(input);
    return seeing(input, inputs.length > 1);
  });
  await one.tell('complete', { skill: 'a', deliverables: ['docs/x.md'] });
  const blocked = await one.until(({ status }) => status === 'blocked');
  expect(blocked.blockedBy).toContain('doc (not there)');
  expect(inputs[0]).toMatchObject({ project: '/repo', deliverables: ['docs/x.md'], start: { seal: 'seal' } });
  await one.tell('steer', { steer: { act: 'retry', skill: 'a' } });
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
  expect(inputs).toHaveLength(2);
  expect(ended).toContainEqual({ execution: one.id, project: '/repo' });
});

it('is blocked where the engine cannot look, and says why', async () => {
  const one = await start([phase('p', [skill('a', DOC)])]);
  looks.set(one.id, async () => {
    throw ApplicationFailure.nonRetryable('the project is gone', 'git');
  });
  await one.tell('complete', { skill: 'a' });
  const { blockedBy } = await one.until(({ status }) => status === 'blocked');
  expect(blockedBy).toContain('the project is gone');
  await one.tell('steer', { steer: { act: 'abort' } });
  await expect(one.handle.result()).rejects.toMatchObject({ cause: { type: 'aborted', message: 'by bob' } });
});

it('rejects by itself what nobody decides in time', async () => {
  const one = await start([phase('p', [skill('a')], [approval('g', { expires: '3d' })])]);
  await one.tell('complete', { skill: 'a' });
  await harness.skip(3 * 24 * 3_600_000 + 60_000);
  const { phases } = await one.until(({ status }) => status === 'blocked');
  expect(phases[0]?.gates[0]).toMatchObject({ status: 'rejected', by: 'pawl' });
  await one.tell('approve_gate', { gate: 'g', decision: 'approve' });
  expect(await one.handle.result()).toMatchObject({ status: 'completed' });
});

it('answers a message that is sent again as the first time, and refuses another under its id', async () => {
  const one = await start([phase('p', [skill('a'), skill('b')])]);
  const messageId = randomUUID();
  const first = await one.tell('complete', { messageId, skill: 'a' });
  expect(await one.tell('complete', { messageId, skill: 'a' })).toEqual(first);
  await expect(one.tell('complete', { messageId, skill: 'b' })).rejects.toMatchObject({
    cause: { type: 'conflict' },
  });
  await expect(one.tell('complete', { skill: 'nobody' })).rejects.toMatchObject({
    cause: { type: 'conflict' },
  });
  await one.handle.signal('complete', { nonsense: true });
  await one.handle.signal('unheard-of');
  expect((await one.until(({ ignoredMessages }) => ignoredMessages === 2)).status).toBe('active');
  await one.handle.cancel();
  await expect(one.handle.result()).rejects.toMatchObject({ message: expect.stringContaining('cancelled') });
  expect(await one.state()).toMatchObject({ status: 'aborted', why: 'cancelled in Temporal' });
});

it('keeps all that it knows over continue-as-new, with a gate open and an engine that looks', async () => {
  const one = await start(
    [
      phase('p', [skill('a', DOC)], [approval('g', { on_reject: { go_to: 'p', most: 20 }, expires: '30d' })]),
      phase('q', [skill('b')]),
    ],
    { eventsMax: 40 },
  );
  const first = (await one.handle.describe()).runId;
  for (let round = 1; round <= 8; round += 1) {
    await one.tell('complete', { skill: 'a', summary: `round ${round}` });
    await one.until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
    await one.tell('approve_gate', { gate: 'g', decision: 'reject', reason: `reason ${round}` });
    await one.until(({ phases }) => phases[0]?.skills[0]?.round === round + 1);
  }
  expect((await harness.client.workflow.getHandle(one.id).describe()).runId).not.toBe(first);
  const state = await one.state();
  expect(state.phases[0]).toMatchObject({ skills: [{ round: 9 }], gates: [{ reworks: 8 }] });
  expect(state.phases[0]?.skills[0]?.brief).toContain('reason 1');
  await one.tell('complete', { skill: 'a' });
  await one.until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
  await one.tell('approve_gate', { gate: 'g', decision: 'approve' });
  await one.tell('complete', { skill: 'b' });
  expect(await harness.client.workflow.getHandle(one.id).result()).toMatchObject({ status: 'completed' });
});

it('that was started by hand is refused in words', async () => {
  const id = `x_${randomUUID().slice(0, 8)}`;
  const handle = await harness.client.workflow.start('execution', {
    workflowId: id,
    taskQueue: QUEUE,
    args: [{}],
  });
  await expect(handle.result()).rejects.toMatchObject({
    cause: { message: expect.stringContaining('pawl execution start') },
  });
});

it('leaves as many events a phase, however much is said in it', async () => {
  const counts = await Promise.all(
    [1, 100].map(async (words) => {
      const one = await start([phase('p', [skill('a')], [approval('g')])]);
      await one.state();
      await one.tell('complete', { skill: 'a', summary: 'word '.repeat(words) });
      await one.tell('approve_gate', { gate: 'g', decision: 'approve' });
      await one.handle.result();
      const events = (await one.handle.fetchHistory()).events ?? [];
      expect(events.length).toBeLessThan(25);
      // How many workflow tasks there are depends on which of two messages that are near each other share one.
      const isOfWorkflowTask = (event: object) =>
        Object.keys(event).some((key) => key.startsWith('workflowTask'));
      const others = events.filter((event) => !isOfWorkflowTask(event));
      expect(others.length).toBeLessThan(events.length);
      return others.length;
    }),
  );
  expect(counts[0]).toBe(counts[1]);
});
