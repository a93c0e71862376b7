/** Many tasks on one repository: the limit on agents, the queue, and merges that come one after the other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readState } from '../../src/client/read-state.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';
import { startAs } from './start-as.ts';

const AGENTS_MAX = 2;
let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig({ PAWL_AGENTS_PER_REPOSITORY: String(AGENTS_MAX) });
});
afterAll(() => rig.close());

/** Approves every gate of a task until it is closed. */
async function approveAll(id: string) {
  for await (const state of rig.api.follow(id)) {
    if (closed(state)) return state;
    const gate = state.gates.find(({ status }) => status === 'open');
    if (gate?.digest === undefined) continue;
    // The base may move between the look and the decision: what is stale then is asked again.
    await rig.api.approve({ id, by: 'ann', digest: gate.digest }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'conflict' });
    });
  }
  throw new Error('the engine stopped telling');
}

/** The most that were at work at once, by their own notes. */
function mostAtOnce(notes: string): number {
  let now = 0;
  let most = 0;
  for (const line of notes.trim().split('\n')) {
    now += line.startsWith('begin') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

it('six tasks share two agents, wait in a queue that shows, and are all merged', async () => {
  const repository = newRepository();
  const folder = scratchFolder('notes');
  const [notes, sign] = [join(folder, 'notes'), join(folder, 'go on')];
  const work = { repository, ...by('takes-turns', notes, sign), checks: [check('0')] };
  const ids = await Promise.all([1, 2, 3, 4, 5, 6].map(() => rig.run(work)));
  // Nobody ends before everybody is there: two work, and the others know their places.
  const placesNow = async () => {
    const states = await Promise.all(ids.map((id) => rig.api.show({ id })));
    return states.flatMap(({ waitingFor }) => waitingFor ?? []).sort();
  };
  await expect
    .poll(placesNow, { timeout: 30_000 })
    .toEqual([1, 2, 3, 4].map((place) => `a free agent: place ${place} in the queue`));
  writeFileSync(sign, '');
  const done = await Promise.all(ids.map(approveAll));
  expect(done.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
  expect(mostAtOnce(readFileSync(notes, 'utf8'))).toBe(AGENTS_MAX);
  // Each was asked about once, however often the base has moved under it.
  const asked = done.map(
    ({ gates }) => gates.filter((one) => one.gate === 'approval' && !one.carriedFrom).length,
  );
  expect(asked).toEqual(ids.map(() => 1));
  // Every merge has the one before it as its first parent: none was made beside another.
  const merges = userGit(repository, 'rev-list', '--first-parent', '--merges', 'main').split('\n');
  expect(merges.sort()).toEqual(done.map(({ mergedCommit }) => mergedCommit).sort());
  const files = userGit(repository, 'ls-tree', '-r', '--name-only', 'main').split('\n');
  expect(files).toEqual(expect.arrayContaining(ids.map((id) => `${id}.txt`)));
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'branch', '--list', 'pawl/*')).toBe('');
});

it('approved tasks are checked again one after the other, say so, and can be cancelled while they wait', async () => {
  const repository = newRepository();
  const sign = join(scratchFolder('sign'), 'go on');
  // What is checked again is a merge: that takes until it may go on.
  const isMerge = 'git rev-parse --quiet --verify HEAD^2 > /dev/null';
  const run = ['sh', '-c', `if ${isMerge}; then until [ -e '${sign}' ]; do sleep 0.05; done; fi`];
  const tasks = ['merged', 'checked', 'cancelled', 'last'].map((name) => `turn-${name}`);
  const [merged = '', checked = '', cancelled = '', last = ''] = await Promise.all(
    tasks.map((id) =>
      rig.run({ id, repository, ...by('writes', `${id}.txt`, id), checks: [{ name: 'check', run }] }),
    ),
  );
  for (const id of tasks) await rig.until(id, atGate);
  const approve = (id: string) => rig.api.approve({ id });
  await approve(merged);
  await rig.until(merged, closed);
  await approve(checked);
  await rig.until(checked, ({ step, gates }) => step === 'check' && gates.length > 1);
  const place = (n: number) => `its turn to merge: place ${n}`;
  for (const [at, id] of [cancelled, last].entries()) {
    await approve(id);
    await rig.until(id, ({ waitingFor }) => waitingFor === place(at + 1));
  }
  expect((await rig.pawl(['show', last])).out).toContain(`(${place(2)})`);
  await rig.api.cancel({ id: cancelled });
  await rig.until(last, ({ waitingFor }) => waitingFor === place(1));
  writeFileSync(sign, '');
  const done = await Promise.all([checked, last].map((id) => rig.until(id, closed)));
  for (const { status, gates } of done) {
    expect(status).toBe('completed');
    expect(gates.filter(({ gate }) => gate === 'check')).toHaveLength(2);
    expect(gates.at(-1)).toMatchObject({ status: 'approved', carriedFrom: 'approval-1' });
  }
  expect((await rig.api.show({ id: cancelled })).status).toBe('cancelled');
});

it('a task of another repository does not wait for them', async () => {
  const [full, free] = [newRepository(), newRepository()];
  const waiting = await Promise.all([1, 2, 3].map(() => rig.run({ repository: full, ...by('waits') })));
  const looks = waiting.map((id) => rig.until(id, (state) => state.waitingFor !== undefined));
  const queued = await Promise.any(looks);
  expect(queued.waitingFor).toBe('a free agent: place 1 in the queue');
  expect((await rig.pawl(['show', queued.id])).out).toContain('a free agent: place 1 in the queue');
  const id = await rig.run({ repository: free, ...by('writes', 'a.txt', 'a') });
  await rig.until(id, atGate);
  await Promise.all([...waiting, id].map((one) => rig.api.cancel({ id: one })));
  await Promise.allSettled(looks);
});

it('a task whose host has no worker says which host that is', async () => {
  const id = TaskId.parse('of-another-host');
  const run = { id, requirement: 'Do it', repository: newRepository(), ...by('waits') };
  await startAs(rig, run, { host: 'pawl-host-away' });
  await rig.until(id, ({ status }) => status === 'in_progress');
  const inTwoMinutes = await readState(rig.client, id, () => Date.now() + 120_000);
  expect(inTwoMinutes.waitingFor).toMatch(/^a worker of pawl-host-away, since /);
  await rig.client.workflow.getHandle(id).terminate();
});
