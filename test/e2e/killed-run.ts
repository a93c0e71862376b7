/** Goes through a loop that agents do, and kills the engine after each of its tasks and before each decision. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { sendSignal } from '../../src/adapters/programs/processes.ts';
import { type ExecutionState, isOver } from '../../src/domain/executions/execution-state.ts';
import { gatesIn, skillsIn } from '../../src/domain/executions/state-parts.ts';
import { judge, type Way, well } from './cart.ts';
import { atGate, attach, type EngineRig } from './rig.ts';

export interface KilledRun {
  /** The engine that runs by now. */
  readonly rig: EngineRig;
  readonly state: ExecutionState;
  /** What was decided, in this order: gates of the loop, and the task of a delivery. */
  readonly decided: readonly string[];
  readonly kills: number;
}

/** What is told between two kills. */
export interface Told {
  /** The engine was killed after so many tasks, and runs again. */
  readonly afterTasks: (count: number) => void;
  /** A delivery is about to be approved. */
  readonly beforeDelivery: (title: string) => void;
}

export async function killed(rig: EngineRig): Promise<EngineRig> {
  expect(sendSignal(rig.endpoints.pid, 'SIGKILL')).toBe(true);
  await rig.leave();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  return attach(rig);
}

/** Through an execution that was begun, to its end. */
export async function goThroughKilled(begun: EngineRig, id: string, told: Told): Promise<KilledRun> {
  let rig = begun;
  let afterTasks = 0;
  const decided: string[] = [];
  for (;;) {
    const state = await rig.api.execution({ id });
    expect(state.blockedBy).toBeUndefined();
    if (endedIn(state) > afterTasks) {
      rig = await killed(rig);
      afterTasks += 1;
      told.afterTasks(afterTasks);
      continue;
    }
    if (isOver(state.status)) return { rig, state, decided, kills: afterTasks + decided.length };
    const gate = gatesIn(state).find(({ status }) => status === 'open');
    const delivery = await deliveryAtGate(rig, state);
    if (gate !== undefined) {
      rig = await killed(rig);
      await isThere(async () => isOpen(await rig.api.execution({ id }), gate.id));
      await rig.api.decideGate({ id, gate: gate.id, decision: 'approve', digest: gate.digest });
      decided.push(gate.id);
    }
    if (delivery !== undefined) {
      told.beforeDelivery(delivery.title);
      rig = await killed(rig);
      await isThere(async () => atGate(await rig.api.show({ id: delivery.id })));
      await rig.api.approve({ id: delivery.id, gate: delivery.gates.at(-1)?.id });
      decided.push(delivery.id);
    }
    await sleep(50);
  }
}

const isOpen = (state: ExecutionState, gate: string): boolean =>
  gatesIn(state).some(({ id, status }) => id === gate && status === 'open');

/**
 * A workflow tells that a gate opens a moment before Temporal has it; killed in between, it opens the gate once more when it is
 * replayed, and an answer that comes before is refused.
 */
const isThere = (look: () => Promise<boolean>) => expect.poll(look, { timeout: 30_000 }).toBe(true);

/** How many tasks have ended well. */
const endedIn = (state: ExecutionState): number =>
  skillsIn(state)
    .flatMap(({ items, state: own }) => (items === undefined ? [own] : items.map((one) => one.state)))
    .filter((one) => one === 'completed').length;

async function deliveryAtGate(rig: EngineRig, state: ExecutionState) {
  const { task } = skillsIn(state).find((one) => one.doer === 'deliver' && one.state === 'in-progress') ?? {};
  const shown = task === undefined ? undefined : await rig.api.show({ id: task });
  return shown !== undefined && atGate(shown) ? shown : undefined;
}

/** Each skill was done by one task, each gate answered once, and what was merged is what was wished for. */
export async function expectOnce(
  { rig, state, decided, kills }: KilledRun,
  project: string,
  way: Way,
): Promise<void> {
  expect(state).toMatchObject({ status: 'completed', notes: [] });
  const { tasks } = await rig.api.list({});
  const done = tasks.filter(({ repository }) => repository === project);
  expect(done.map(({ title }) => title).sort()).toEqual([...way.skills].sort());
  expect(new Set(done.map(({ status }) => status))).toEqual(new Set(['completed']));
  expect(decided).toEqual([...way.gates, expect.stringMatching(/-(ship|deliver)-/)]);
  const answers = gatesIn(state).filter(({ kind }) => kind === 'approval');
  expect(answers.map(({ id, approvals }) => [id, approvals.length])).toEqual(
    way.gates.map((gate) => [gate, 1]),
  );
  expect(kills).toBe(way.skills.length + way.gates.length + 1);
  expect(await judge(project, way)).toEqual(well(way));
}
