/** What people have done in their own repository: told before an agent is paid, and why a merge does not follow it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

async function mergedAfterApproval(id: string) {
  await rig.until(id, atGate);
  await rig.api.approve({ id, by: 'ann' });
  return rig.until(id, closed);
}

it('a branch in the way of the task’s is told before an agent is paid, and a retry shows its own work', async () => {
  const repository = newRepository();
  userGit(repository, 'branch', 'pawl');
  const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new') });
  const failed = await rig.until(id, closed);
  expect(failed).toMatchObject({ status: 'failed', attempts: [] });
  expect(failed.failure?.message).toMatch(/^branch pawl in .* is in the way of pawl\//);
  userGit(repository, 'branch', '-m', 'pawl', 'old');
  await rig.api.retry({ id });
  expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed', attempts: [{ number: 1 }] });
  expect(userGit(repository, 'show', 'main:new.txt')).toBe('new');
});

it('commits of a reviewer on the task’s branch are told before the next attempt is paid, and stay', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  userGit(repository, 'switch', '-q', `pawl/${id}`);
  const theirs = commitFiles(repository, { 'review.txt': 'mine' });
  userGit(repository, 'switch', '-q', 'main');
  await rig.api.reject({ id, by: 'ann', reason: 'say please' });
  const asked = await rig.until(id, (state) => atGate(state) && state.gates.at(-1)?.gate === 'escalation');
  expect(asked.gates.at(-1)).toMatchObject({
    question: expect.stringContaining('holds work that is not of this task: rename it, then retry'),
  });
  expect(asked.attempts.at(-1)).toMatchObject({ outcome: 'failed', failure: { class: 'conflict' } });
  userGit(repository, 'branch', '-m', `pawl/${id}`, 'mine');
  await rig.api.retry({ id });
  await rig.until(id, (state) => atGate(state) && state.gates.at(-1)?.gate === 'approval');
  await rig.api.approve({ id, by: 'ann' });
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  expect(userGit(repository, 'show', 'main:heard.txt')).toContain('say please');
  expect(userGit(repository, 'rev-parse', 'mine')).toBe(theirs);
});

it('a bare repository with linked working trees has the merge in the one with the base', async () => {
  const top = scratchFolder('barel');
  userGit(top, 'clone', '-q', '--bare', newRepository(), join(top, '.bare'));
  writeFileSync(join(top, '.git'), 'gitdir: ./.bare\n');
  userGit(top, 'worktree', 'add', '-q', 'main', 'main');
  const id = await rig.run({ repository: top, base: 'main', ...by('writes', 'b.txt', 'b') });
  expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed' });
  expect(userGit(join(top, 'main'), 'status', '--porcelain')).toBe('');
  expect(existsSync(join(top, 'main', 'b.txt'))).toBe(true);
});

it('a merge that is kept aside says why, in `show` too', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('writes', 'b.txt', 'b') });
  await rig.until(id, atGate);
  put(repository, { 'b.txt': 'mine' });
  const done = await mergedAfterApproval(id);
  expect(done.takeReason).toMatch(/^b\.txt, which git does not know, is in the way in /);
  expect((await rig.pawl(['show', id])).out).toContain(`kept aside: ${done.takeReason}`);
});
