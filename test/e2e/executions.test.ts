/** Executions on a real engine: their skills are done by the caller, their gates decided, and the engine looks for itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitForEnd } from '../../src/client/run-end.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.close();
});

it('goes on from skill to gate to the next phase, as people decide', async () => {
  const id = 'x_first';
  const start = {
    ...{ id, loop: 'bugfix', project: newRepository() },
    inputs: { report: 'It fails' },
  };
  expect(await rig.api.startExecution(start)).toEqual({ id, created: true });
  expect(await rig.api.startExecution(start)).toEqual({ id, created: false });
  await expect(
    rig.api.startExecution({ ...start, priority: 'low', inputs: { report: 'It works' } }),
  ).rejects.toThrow(
    'begun with another inputs.report, priority (normal; this asks for low): choose another id',
  );
  const state = await rig.api.execution({ id });
  expect(state).toMatchObject({ status: 'active', currentPhase: 'init', loop: 'bugfix' });
  expect(state.phases[0]?.skills[0]?.brief).toContain('It fails');
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  expect(await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs })).toMatchObject({
    status: 'active',
    before: { status: 'active' },
    currentPhase: 'init',
  });
  expect(await rig.api.executions({})).toMatchObject({ total: 1, executions: [{ id, gates: ['repro'] }] });
  const { digest, openedAt, question } = (await rig.api.gates({})).gates[0]?.gate ?? {};
  expect((await rig.api.execution({ id })).phases[0]?.gates[0]).toMatchObject({
    digest,
    openedAt,
    title: question,
  });
  const { out } = await rig.pawl(['gates']);
  expect(out).toContain(`${id}  repro  since ${openedAt?.slice(0, 10)}`);
  expect(out).toContain(`pawl execution approve ${id} repro`);
  expect(await rig.api.decideGate({ id, gate: 'repro', decision: 'approve' })).toMatchObject({
    currentPhase: 'scaffold',
  });
  expect(await rig.api.gates({})).toEqual({ gates: [] });
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'enough' } });
  expect(await rig.api.execution({ id })).toMatchObject({
    status: 'aborted',
    why: expect.stringContaining('enough'),
  });
  // Whether its workflow still cleans up or has ended, which Temporal calls failed.
  await expect(rig.api.updateExecution({ id, status: 'active' })).rejects.toThrow(
    `execution ${id} is aborted`,
  );
  await waitForEnd(rig.client, ExecutionId.parse(id));
  await expect(rig.api.updateExecution({ id, status: 'active' })).rejects.toThrow(
    `execution ${id} is aborted; what is over takes nothing any more`,
  );
});

it('takes no gate from people without a reason, and keeps who did', async () => {
  const id = 'x_second';
  await rig.api.startExecution({
    ...{ id, loop: 'bugfix', project: newRepository(), inputs: { report: 'It fails' } },
  });
  const set = (more: object) =>
    rig.api.steerExecution({ id, steer: { act: 'set_gates', gate: 'repro', enabled: false, ...more } });
  await expect(set({})).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('reason: expected why gate repro is disabled'),
  });
  await set({ reason: 'seen in production' });
  const { phases, requester } = await rig.api.execution({ id });
  expect(phases[0]?.gates[0]).toMatchObject({
    ...{ enabled: false, setBy: { enabled: { by: requester, reason: 'seen in production' } } },
  });
  await rig.api.steerExecution({ id, steer: { act: 'abort' } });
});
