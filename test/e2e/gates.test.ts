/** Gates by their ids, as people and programs meet them, and rows that tell of them also after a restart of the engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const rowOf = async (id: string) => (await rig.api.list({ id: [id] })).tasks[0];

it('are listed, decided and told by their ids, over a restart', async () => {
  const id = await rig.run({ repository: newRepository(), ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  await rig.api.tell({ id, text: 'say please' });
  const { gates } = await rig.until(id, (state) => atGate(state) && state.attempts.length === 2);
  expect(gates.map((gate) => gate.id)).toEqual(['check-1', 'approval-1', 'check-2', 'approval-2']);
  const { openedAt } = gates.at(-1) ?? {};
  const open = [{ id: 'approval-2', gate: 'approval', openedAt }];
  expect(openedAt).toEqual(expect.any(String));
  expect((await rowOf(id))?.gates).toEqual(open);
  expect(await rig.api.gates({})).toMatchObject({ gates: [{ id, gate: { id: 'approval-2', openedAt } }] });
  expect((await rig.pawl(['gates'])).out).toContain(`${id}  approval-2  since ${openedAt?.slice(0, 10)}`);
  // Several could be meant.
  expect((await rig.pawl(['show', id])).out).toMatch(/approval .*approval-2/);

  expect(await rig.pawl(['approve', id, '--gate', 'approval-1'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/gate approval-1 is stale at .*open gate approval-2/),
  });

  await rig.leave();
  await rig.pawl(['down']);
  await rig.pawl(['up', '-d']);
  rig = await attach(rig);
  const [listed] = (await rig.api.list({})).tasks;
  expect(listed).toMatchObject({ id, status: 'awaiting_gate', gates: open });

  expect(await rig.pawl(['approve', id, '--gate', 'approval-2'])).toMatchObject({ code: 0 });
  await rig.until(id, closed);
  expect(await rowOf(id)).not.toHaveProperty('gates');
  expect(await rig.pawl(['approve', id, '--gate', 'approval-2'])).toMatchObject({
    code: 1,
    err: expect.stringContaining(`task ${id} is completed`),
  });
});

it('that led to a failure leave its class in rows', async () => {
  const id = await rig.run({
    repository: newRepository(),
    ...by('writes', 'a.txt', 'a'),
    policy: { onReject: 'fail' },
  });
  await rig.until(id, atGate);
  await rig.api.reject({ id, gate: 'approval-1', reason: 'no' });
  await rig.until(id, closed);
  expect(await rowOf(id)).toMatchObject({ status: 'failed', failureClass: 'rejected' });
});
