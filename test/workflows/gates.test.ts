/** Gates have ids and times, which outlive continue-as-new, and a decision meets the gate that it names. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/domain/row-facts.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { PawlAttempt, PawlFacts, PawlGate, PawlStatus } from '../../src/workflows/search-attributes.ts';
import { atGate, harness, start, talks, tell } from './agent-tasks.ts';
import { agentSpec, easy, fails, type Steps } from './easy-steps.ts';
import type { Task } from './harness.ts';

const idsOf = ({ gates }: TaskState) => gates.map(({ id, status }) => `${id} ${status}`);
const decide = (task: Task, gate: string) =>
  task.send('approve_gate', { gate, decision: 'approve', by: 'ann' });
const refused = (words: RegExp) => ({ cause: { type: 'conflict', message: expect.stringMatching(words) } });

it('a gate says how long it has waited, by the clock of the workflow', async () => {
  const HOUR_MS = 3_600_000;
  const task = await start(agentSpec());
  await atGate(task);
  await harness.skip(HOUR_MS);
  await decide(task, 'approval');
  await task.result();
  const waits = (await task.state()).gates.map(({ gate, openedAt = '', decidedAt = '' }) => ({
    gate,
    hours: Math.floor((Date.parse(decidedAt) - Date.parse(openedAt)) / HOUR_MS),
  }));
  expect(waits).toEqual([
    { gate: 'check', hours: 0 },
    { gate: 'approval', hours: 1 },
  ]);
});

describe('a decision by id', () => {
  it('meets the gate that it names; for one that is not open it is told what became of that', async () => {
    const task = await start(agentSpec(), { runAttempt: talks });
    await atGate(task);
    await tell(task, 'more tests');
    expect(idsOf(await atGate(task, 2))).toEqual([
      'check-1 passed',
      'approval-1 stale',
      'check-2 passed',
      'approval-2 open',
    ]);
    await expect(decide(task, 'approval-1')).rejects.toMatchObject(
      refused(/gate approval-1 is stale at 2.*ann told the agent more.*open gate approval-2/),
    );
    await expect(decide(task, 'approval-3')).rejects.toMatchObject(
      refused(/^expected a decision on the open gate approval-2, got approval-3/),
    );
    await expect(decide(task, 'check-2')).rejects.toMatchObject(refused(/engine alone/));
    expect(idsOf(await task.state()).at(-1)).toBe('approval-2 open');
    await decide(task, 'approval-2');
    expect(await task.result()).toMatchObject({ status: 'completed' });
  });

  it('on an escalation decides no later one that asks the same', async () => {
    const task = await start(agentSpec(), { runAttempt: fails('blocked') });
    await atGate(task);
    await decide(task, 'escalation-1');
    const state = await atGate(task, 2);
    expect(idsOf(state)).toEqual(['escalation-1 approved', 'escalation-2 open']);
    expect(state.gates[1]?.question).toBe(state.gates[0]?.question);
    await expect(decide(task, 'escalation-1')).rejects.toMatchObject(
      refused(/gate escalation-1 was approved by ann via update at 2.*open gate escalation-2/),
    );
    // By its kind it is the open one, as ever.
    await decide(task, 'escalation');
    expect(idsOf(await atGate(task, 3))).toContain('escalation-2 approved');
    await task.terminate();
  });

  it('names the same gate after continue-as-new', async () => {
    const task = await harness.start({ spec: agentSpec(), eventsMax: 30 });
    const before = await atGate(task);
    for (let n = 0; n < 4; n += 1) await task.send('update', { note: `note ${n}` });
    expect((await task.describe()).runId).not.toBe(task.firstRun);
    const after = await task.state();
    expect(after.gates).toEqual(before.gates);
    await decide(task, 'approval-1');
    expect(idsOf(await task.until(({ status }) => status === 'completed'))).toContain('approval-1 approved');
  });
});

it('a gate that nobody decides before the task is cancelled is told as left', async () => {
  const task = await start(agentSpec());
  await atGate(task);
  await task.cancel();
  await task.result().catch(() => undefined);
  const state = await task.state();
  expect(state.status).toBe('cancelled');
  expect(state.gates.at(-1)).toMatchObject({
    id: 'approval-1',
    status: 'stale',
    reason: 'the task was cancelled',
    decidedAt: expect.any(String),
  });
  expect(factsOf(state)).toEqual({});
});

describe('what rows tell of gates, failure and usage', () => {
  const used: Steps['runAttempt'] = async (input) => ({
    ...(await easy.runAttempt(input)),
    usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.25, turns: 2 },
  });
  const attributesOf = async (task: Task) => (await task.describe()).typedSearchAttributes;
  const factsIn = async (task: Task) => JSON.parse((await attributesOf(task)).get(PawlFacts) ?? '{}');

  it('is in visibility at each gate and at the end', async () => {
    const spec = agentSpec({ onReject: 'fail' });
    harness.useSteps(spec.id, { runAttempt: used });
    const task = await harness.start({ spec, edition: EDITION });
    const waiting = await atGate(task);
    expect(await factsIn(task)).toEqual({
      gates: [{ id: 'approval-1', gate: 'approval', openedAt: waiting.gates[1]?.openedAt }],
      usage: { tokens: 15, costUsd: 0.25, turns: 2 },
    });
    await task.send('approve_gate', { gate: 'approval-1', decision: 'reject', by: 'ann' });
    await task.result().catch(() => undefined);
    expect(await factsIn(task)).toEqual({
      failureClass: 'rejected',
      usage: { tokens: 15, costUsd: 0.25, turns: 2 },
    });
    expect(await factsIn(task)).toEqual(factsOf(await task.state()));
  });

  it('costs no event: it goes along where lists are told something anyway', async () => {
    const spec = agentSpec({ attemptsMax: 3 });
    harness.useSteps(spec.id, {
      runAttempt: (input) =>
        input.attempt.number === 1
          ? fails('interrupted', { usage: { inputTokens: 1, outputTokens: 1 } })()
          : used(input),
    });
    const task = await harness.start({ spec, edition: EDITION });
    await atGate(task, 2);
    await decide(task, 'approval-1');
    await task.result();
    expect(await factsIn(task)).toEqual({ usage: { tokens: 17, costUsd: 0.25, turns: 2 } });
    const { events } = await task.fetchHistory();
    const upserts = (events ?? []).flatMap((event) => {
      const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
      return fields ? [Object.keys(fields)] : [];
    });
    const others = [PawlStatus, PawlAttempt, PawlGate].map(({ name }) => name);
    expect(upserts.length).toBeGreaterThan(0);
    for (const names of upserts) expect(names.filter((name) => others.includes(name))).not.toEqual([]);
    expect(events?.filter((event) => event.workflowPropertiesModifiedEventAttributes)).toEqual([]);
  });
});
