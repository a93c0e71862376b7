/** Git of an engine is started by a fork server: one that dies costs a task nothing, and none outlives its engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allPids, argumentsOf, parentOf, startTimeOf } from '../../src/adapters/programs/processes.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
// That it names no process any more is asserted there.
afterAll(() => rig.close());

const servers = (): readonly number[] =>
  allPids().filter((pid) => {
    const [, ...args] = argumentsOf(pid);
    return args.includes(rig.home) && args.some((arg) => arg.includes('fork-server'));
  });

it('of which the last is killed while a person thinks, and which is there again for the merge', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('writes', 'made.txt', 'made') });
  await rig.until(id, atGate);
  const [server = 0, ...more] = servers();
  expect(more).toEqual([]);
  expect(parentOf(server)).toBe(rig.endpoints.pid);
  process.kill(server, 'SIGKILL');
  await expect.poll(() => startTimeOf(server), { timeout: 30_000 }).toBeUndefined();
  await rig.api.approve({ id });
  expect((await rig.until(id, closed)).status).toBe('completed');
  expect(userGit(repository, 'ls-tree', '--name-only', 'main')).toContain('made.txt');
  expect(servers()).toHaveLength(1);
  expect(servers()).not.toContain(server);
}, 120_000);
