/** How soon the next phase of an execution starts once its gate is answered: what clients do, and what the engine does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionGround } from './executions.ts';
import { type Figure, median } from './figures.ts';

const LOOK_MS = 20;
const WARM_UP = 3;

export async function measureGates(ground: ExecutionGround, count: number): Promise<Figure[]> {
  const answers: number[] = [];
  const updates: number[] = [];
  const tasks: number[] = [];
  // They take turns, so that what else the machine does hits all. The first compile code and fill caches.
  for (let number = -WARM_UP; number < count; number += 1) {
    const answered = await answerGate(ground, number);
    const updated = await updateBare(ground, number);
    const begun = await beginNextTask(ground, number);
    if (number < 0) continue;
    answers.push(answered);
    updates.push(updated);
    tasks.push(begun);
  }
  const [answer, update] = [median(answers), median(updates)];
  const group = 'from an answered gate to the next phase of an execution';
  return [
    { group, name: 'phase started, p50', value: answer, unit: 'ms', aim: '< 50' },
    { group, name: 'bare SDK update p50', value: update, unit: 'ms' },
    { group, name: 'Pawl : bare', value: answer / update, unit: 'ratio' },
    { group, name: 'driven by the engine: its task begun, p50', value: median(tasks), unit: 'ms' },
  ];
}

/** The answer says that the next phase is under way. */
async function answerGate({ api, begin }: ExecutionGround, number: number): Promise<number> {
  const id = `x_gated-${number + WARM_UP}`;
  await begin(id, 'gated');
  await api.completeSkill({ id, skill: 'first' });
  const startedMs = performance.now();
  const { currentPhase } = await api.decideGate({ id, gate: 'gate', decision: 'approve' });
  const tookMs = performance.now() - startedMs;
  if (currentPhase !== 'second') throw new Error(`${id}: expected its second phase, got ${currentPhase}`);
  await api.completeSkill({ id, skill: 'second' });
  return tookMs;
}

async function updateBare({ bare }: ExecutionGround, number: number): Promise<number> {
  const id = `bare-gate-${number + WARM_UP}`;
  await bare.start(id);
  const startedMs = performance.now();
  await bare.update(id);
  const tookMs = performance.now() - startedMs;
  await bare.complete(id);
  return tookMs;
}

/** By Temporal's own times: from the accepted answer to the child that has begun. */
async function beginNextTask({ api, client, begin }: ExecutionGround, number: number): Promise<number> {
  const id = `x_driven-${number + WARM_UP}`;
  await begin(id, 'gated-driven');
  while ((await api.execution({ id })).phases[0]?.gates[0]?.status !== 'open') await sleep(LOOK_MS);
  await api.decideGate({ id, gate: 'gate', decision: 'approve' });
  const handle = client.workflow.getHandle(id);
  await handle.result();
  const events = (await handle.fetchHistory()).events ?? [];
  const msOf = (event: (typeof events)[number] | undefined) =>
    Number(event?.eventTime?.seconds ?? Number.NaN) * 1_000 + (event?.eventTime?.nanos ?? 0) / 1e6;
  const accepted = events.find((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  const begun = events.findLast((event) => event.childWorkflowExecutionStartedEventAttributes);
  return msOf(begun) - msOf(accepted);
}
