/** Executions on a real engine: their skills are done by the caller, their gates decided, and the engine looks for itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  expect(await rig.api.decideGate({ id, gate: 'repro', decision: 'approve' })).toMatchObject({
    currentPhase: 'scaffold',
  });
  await rig.api.steerExecution({ id, steer: { act: 'abort', reason: 'enough' } });
  expect(await rig.api.execution({ id })).toMatchObject({
    status: 'aborted',
    why: expect.stringContaining('enough'),
  });
});
