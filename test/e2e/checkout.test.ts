/** What people have done in their own repository: told before an agent is paid, and why a merge does not follow it. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFiles, newRepository, put, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

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

const onBranch = (repository: string, id: string, work: () => string): string => {
  userGit(repository, 'switch', '-q', `pawl/${id}`);
  const commit = work();
  userGit(repository, 'switch', '-q', 'main');
  return commit;
};

it('commits of a reviewer on the task’s branch are checked, shown and approved before they are merged', async () => {
  const repository = newRepository();
  const checks = [check("process.exit(fs.existsSync('bad.txt') ? 1 : 0)")];
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt'), checks });
  await rig.until(id, atGate);
  const theirs = onBranch(repository, id, () => commitFiles(repository, { 'review.txt': 'mine' }, 'Mine'));
  commitFiles(repository, { 'base.txt': 'moved' });
  await rig.api.approve({ id });
  const again = await rig.until(id, (state) => atGate(state) && state.attempts.length === 2);
  expect(again.attempts[1]).toMatchObject({
    reason: 'by_hand',
    agent: 'User',
    commit: theirs,
    summary: 'Mine',
  });
  expect(again.gates.at(-2)).toMatchObject({ gate: 'check', status: 'passed', commit: theirs });
  expect(again.pullRequest).toMatchObject({ commit: theirs, files: 2 });
  const shown = (await rig.pawl(['show', id])).out;
  expect(shown).toContain('by User: Mine');
  expect(shown).toContain('stale: User has changed the work since it was shown (Mine)');
  expect((await rig.api.diff({ id })).patch).toContain('review.txt');
  expect((await rig.api.logs({ id })).attempt).toBe(1);
  // The base has moved as well.
  const { gates, status } = await mergedAfterApproval(id);
  expect(status).toBe('completed');
  expect(gates.at(-1)).toMatchObject({ carriedFrom: 'approval-2' });
  for (const file of ['heard.txt', 'review.txt', 'base.txt'])
    expect(userGit(repository, 'cat-file', '-t', `main:${file}`)).toBe('blob');
});

it('commits of a reviewer are there for the agent whose change they reject', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  const theirs = onBranch(repository, id, () => commitFiles(repository, { 'review.txt': 'mine' }));
  // Who works there has it checked out.
  userGit(repository, 'switch', '-q', `pawl/${id}`);
  await rig.api.reject({ id, reason: 'say please' });
  const again = await rig.until(id, (state) => atGate(state) && state.attempts.length === 3);
  expect(again.attempts.map(({ reason }) => reason)).toEqual(['first', 'by_hand', 'fix']);
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expect(userGit(repository, 'rev-parse', 'HEAD')).toBe(again.pullRequest?.commit);
  expect(userGit(repository, 'rev-parse', 'HEAD~1')).toBe(theirs);
  userGit(repository, 'switch', '-q', 'main');
  await mergedAfterApproval(id);
  expect(userGit(repository, 'show', 'main:heard.txt')).toContain('rejected by');
  expect(userGit(repository, 'show', 'main:review.txt')).toBe('mine');
});

it('commits of a reviewer stay where the task is cancelled, and what they do not hold gets a name beside them', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt') });
  const { pullRequest } = await rig.until(id, atGate);
  const theirs = onBranch(repository, id, () => {
    userGit(repository, 'reset', '-q', '--hard', 'main');
    return commitFiles(repository, { 'review.txt': 'mine' });
  });
  await rig.api.cancel({ id });
  const { notes } = await rig.until(id, closed);
  expect(notes).toEqual([`kept in the repository: pawl/${id}.kept-1 (its work)`]);
  expect(userGit(repository, 'rev-parse', `pawl/${id}`)).toBe(theirs);
  expect(userGit(repository, 'rev-parse', `pawl/${id}.kept-1`)).toBe(pullRequest?.commit);
});

it('a task’s branch that a reviewer has begun anew is told before the next attempt is paid, and stays', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  const theirs = onBranch(repository, id, () => {
    userGit(repository, 'reset', '-q', '--hard', 'main');
    return commitFiles(repository, { 'review.txt': 'mine' });
  });
  await rig.api.reject({ id, by: 'ann', reason: 'say please' });
  const asked = await rig.until(id, (state) => atGate(state) && state.gates.at(-1)?.gate === 'escalation');
  expect(asked.gates.at(-1)).toMatchObject({
    question: expect.stringContaining('it does not stand on the change that was shown'),
  });
  expect(asked.attempts).toHaveLength(1);
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
