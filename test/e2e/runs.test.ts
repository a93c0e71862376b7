/** The runs of a task that is run again under its id: each has keys and logs of its own, whatever becomes of its history. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWordOf } from '../../src/domain/ids.ts';
import { commitFiles, newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';
import { startAs } from './start-as.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const work = (repository: string) => ({ repository, ...by('heeds', 'heard.txt'), checks: [check('0')] });

const attemptsLogged = async (id: string) =>
  (await rig.api.logs({ id, attempt: 1 })).lines.filter(({ type }) => type === 'ended').length;

const effectsIn = (repository: string) =>
  userGit(repository, 'log', '--format=%(trailers:key=Pawl-Effect,valueonly)', 'main')
    .split('\n')
    .filter(Boolean)
    .sort();

async function approve(id: string) {
  await rig.api.approve({ id, by: 'ann' });
  return rig.until(id, ({ status }) => status === 'completed');
}

it('after a clean-up that failed the next run has a commit and logs of its own', async () => {
  const repository = newRepository();
  const id = await rig.run(work(repository));
  const first = await rig.until(id, atGate);
  // As where a disk is not there for a while.
  renameSync(repository, `${repository}.away`);
  await rig.api.cancel({ id });
  expect((await rig.api.show({ id })).notes.at(-1)).toContain('not cleaned up');
  renameSync(`${repository}.away`, repository);
  commitFiles(repository, { 'newer.txt': 'newer' });
  await rig.api.retry({ id });
  const second = await rig.until(id, (state) => atGate(state) && state.run !== first.run);
  expect(second.attempts).toHaveLength(1);
  expect(second.pullRequest?.commit).not.toBe(first.pullRequest?.commit);
  expect(await attemptsLogged(id)).toBe(1);
  for (const { run = '' } of [first, second])
    expect(existsSync(join(rig.places.attemptLogs, id, run, '1.jsonl'))).toBe(true);
  await approve(id);
  const effects = [
    `${id}/${first.run}/1/commit`,
    `${id}/${second.run}/1/commit`,
    `${id}/${second.run}/1/merge`,
  ];
  expect(effectsIn(repository)).toEqual(effects.sort());
  expect(userGit(repository, 'ls-files', '*.txt').split('\n')).toEqual(expect.arrayContaining(['heard.txt']));
});

it('a task that was open before runs were told apart goes on with its keys and logs', async () => {
  const repository = newRepository();
  const id = 'open-before';
  await startAs(rig, { id, requirement: 'Do it', ...work(repository) }, { edition: 3 });
  await rig.until(id, atGate);
  expect(existsSync(join(rig.places.attemptLogs, id, '1.jsonl'))).toBe(true);
  expect(await attemptsLogged(id)).toBe(1);
  expect(await approve(id)).not.toHaveProperty('run');
  expect(effectsIn(repository)).toEqual([`${id}/1/commit`, `${id}/1/merge`]);
});

it('a run that goes on in a new history, and one that is reset, keeps its keys', async () => {
  const repository = newRepository();
  const id = 'goes-on';
  const asked = { id, requirement: 'Do it', ...work(repository) };
  const { firstExecutionRunId } = await startAs(rig, asked, { eventsMax: 20 });
  const { run } = await rig.until(id, atGate);
  expect(run).toBe(runWordOf(firstExecutionRunId));
  const { runId } = await rig.client.workflow.getHandle(id).describe();
  expect(runId).not.toBe(firstExecutionRunId);
  const reset = ['workflow', 'reset', '--workflow-id', id, '--reason', 'test', '--type', 'LastWorkflowTask'];
  expect(await rig.temporal(reset)).toMatchObject({ code: 0 });
  expect((await rig.until(id, atGate)).run).toBe(run);
  await approve(id);
  expect(effectsIn(repository)).toEqual([`${id}/${run}/1/commit`, `${id}/${run}/1/merge`]);
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
});
