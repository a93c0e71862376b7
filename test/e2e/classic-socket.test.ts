/** A run from its requirement to its merge, in the messages that clients of the requirement pipeline know. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PipelineMessage } from '../../src/edge/compat/dashboard/pipeline-message.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { openSocket } from '../edge/http/socket.ts';
import { by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it('tells what happens to a run, what its agent prints and who decides', async () => {
  const headers = { authorization: `Bearer ${tokenOf(rig.home, {})}` };
  const { next, told } = await openSocket<PipelineMessage>(rig.endpoints.api, '?types=classic', headers);
  const until = async (type: PipelineMessage['type']): Promise<PipelineMessage> => {
    for (;;) {
      const message = PipelineMessage.parse(await next());
      if (message.type === type) return message;
    }
  };
  expect(await next()).toEqual({ type: 'connection', status: 'connected' });
  expect(await next()).toMatchObject({ type: 'status_update', data: { tasks: { total: 0 } } });
  const heard = join(scratchFolder('heard'), 'output');
  const id = await rig.run({ repository: newRepository(), ...by('prints-until', heard) });
  expect(await until('requirement_submitted')).toMatchObject({ data: { id } });
  expect(await until('agent_activity')).toMatchObject({ data: { status: 'working' } });
  expect(await until('agent_log')).toMatchObject({
    data: { level: 'info', task_id: id, timestamp: expect.stringMatching(/^\d\d:\d\d:\d\d$/) },
  });
  writeFileSync(heard, '');
  const needed = await until('decision_needed');
  expect(needed).toMatchObject({ data: { signal_id: `${id}/approval-1` } });
  await rig.api.approve({ id, gate: 'approval-1' });
  expect(await until('decision_made')).toMatchObject({
    data: { signal_id: `${id}/approval-1`, decision: 'approve', by: expect.any(String) },
  });
  expect(await until('task_completed')).toMatchObject({ data: { task_id: id } });
  expect(await until('status_update')).toMatchObject({
    data: { progress: 100, active_agents: 0, pending_decisions: 0, tasks: { total: 1, completed: 1 } },
  });
  await rig.until(id, closed);
  const lines = told.flatMap((one) => (one.type === 'agent_log' ? one.data.message : []));
  const { lines: printed } = await rig.api.logs({ id });
  expect(lines).toEqual(printed.slice(-lines.length).map(({ text }) => text));
});

it('begins with where all stands: its messages have no number to go on from', async () => {
  const headers = { authorization: `Bearer ${tokenOf(rig.home, {})}` };
  await expect(openSocket(rig.endpoints.api, '?types=classic&after=0123abcd:7', headers)).rejects.toThrow(
    /^422 .*after: expected none/,
  );
  await expect(openSocket(rig.endpoints.api, '?types=other', headers)).rejects.toThrow(/^422 .*types/);
});
