/** A person has something to say to an agent: while it works, and while its change waits for approval. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { markedProcesses } from '../../src/adapters/programs/processes.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const working = async (id: string) => {
  await rig.until(id, (state) => state.attempts[0]?.outcome === 'running');
  const lines = async () => (await rig.api.logs({ id })).lines;
  await expect
    .poll(async () => (await lines()).some(({ type }) => type === 'checkpoint'), { timeout: 30_000 })
    .toBe(true);
};

it('an agent at work is interrupted and goes on with what it was told; nothing of the first runs on', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('waits-until-told', 'told.txt') });
  await working(id);
  const told = await rig.pawl(['tell', id, 'mind the gap', '--message-id', 'm-1']);
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining(id) });
  // The same message once more counts once.
  await rig.pawl(['tell', id, 'mind the gap', '--message-id', 'm-1']);
  const state = await rig.until(id, atGate);
  expect(state.attempts).toMatchObject([
    { outcome: 'cancelled' },
    { reason: 'told', outcome: 'done', resumedFrom: expect.stringMatching(/^1\.\d+$/) },
  ]);
  expect(markedProcesses(`${hostIdOf(rig.home)}/${id}`)).toEqual([]);
  await rig.api.approve({ id, by: 'ann' });
  await rig.until(id, closed);
  expect(userGit(repository, 'show', 'main:told.txt')).toMatch(/^told: .* says: mind the gap$/);
  // What the first attempt had done was not lost.
  expect(userGit(repository, 'show', 'main:begun.txt')).toBe('begun');
});

it('what was told outlives an engine that is killed before the agent has it', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('waits-until-told', 'told.txt') });
  await working(id);
  await rig.client.workflow.getHandle(id).signal('tell', { text: 'after the storm', by: 'ann' });
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await sleep(100);
  await rig.leave();
  await rig.pawl(['up', '-d']);
  const shown = async () => JSON.parse((await rig.pawl(['show', id, '--json'])).out).task;
  await expect.poll(async () => (await shown()).status, { timeout: 60_000 }).toBe('awaiting_gate');
  expect((await rig.pawl(['approve', id])).code).toBe(0);
  await expect.poll(async () => (await shown()).status, { timeout: 60_000 }).toBe('completed');
  expect(userGit(repository, 'show', 'main:told.txt')).toMatch(/: ann says: after the storm$/);
});
