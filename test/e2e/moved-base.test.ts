/** A base branch that moves while a change waits for its approval. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitFiles, newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const approve = (id: string) => rig.api.approve({ id });
const fileAt = (repository: string, file: string) => userGit(repository, 'show', `main:${file}`);
async function mergedAfterApproval(id: string) {
  await rig.until(id, atGate);
  await approve(id);
  return rig.until(id, closed);
}

describe('a base branch', () => {
  it('that moved during the approval is merged with it and checked, and the approval is carried over', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'mine.txt', 'mine'), checks: [check('0')] });
    await rig.until(id, atGate);
    commitFiles(repository, { 'theirs.txt': 'theirs' });
    await approve(id);
    const { gates, mergedCommit } = await rig.until(id, closed);
    expect(gates.map(({ gate, status, by: who }) => [gate, status, who])).toEqual([
      ['check', 'stale', undefined],
      ['approval', 'stale', gates[1]?.by],
      ['check', 'passed', undefined],
      ['approval', 'approved', gates[1]?.by],
    ]);
    expect(gates[3]).toMatchObject({ carriedFrom: 'approval-1', decidedAt: gates[1]?.decidedAt });
    expect(userGit(repository, 'rev-parse', 'main', 'main^2').split('\n')).toEqual([
      mergedCommit,
      gates[3]?.commit,
    ]);
    expect((await rig.pawl(['show', id])).out).toContain('carried over from approval-1');
  });

  it('that moved during the approval reopens checks and approval where pawl.yaml wants it', async () => {
    const repository = newRepository({ 'pawl.yaml': 'approvals: strict\n' });
    const id = await rig.run({ repository, ...by('writes', 'mine.txt', 'mine'), checks: [check('0')] });
    await rig.until(id, atGate);
    commitFiles(repository, { 'theirs.txt': 'theirs' });
    await approve(id);
    const again = await rig.until(id, (state) => atGate(state) && state.gates.length === 4);
    expect(again.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual([
      'check stale',
      'approval stale',
      'check passed',
      'approval open',
    ]);
    expect(again.attempts).toHaveLength(1);
    expect(await mergedAfterApproval(id)).toMatchObject({ status: 'completed' });
    expect([fileAt(repository, 'mine.txt'), fileAt(repository, 'theirs.txt')]).toEqual(['mine', 'theirs']);
  });

  it('that is gone when the change is approved is asked about, and the merge is made once it is back', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'mine.txt', 'mine'), checks: [check('0')] });
    await rig.until(id, atGate);
    userGit(repository, 'branch', '-m', 'main', 'trunk');
    await approve(id);
    const asked = await rig.until(id, (state) => atGate(state) && state.gates.at(-1)?.gate === 'escalation');
    expect(asked.gates.at(-1)).toMatchObject({
      question: expect.stringMatching(/^approved, and could not be merged: .*main/),
      next: expect.stringContaining(`pawl retry ${id} tries that step again`),
    });
    userGit(repository, 'branch', '-m', 'trunk', 'main');
    expect((await rig.pawl(['retry', id])).code).toBe(0);
    const { attempts, mergedCommit } = await rig.until(id, closed);
    expect(attempts).toHaveLength(1);
    expect(userGit(repository, 'rev-parse', 'main')).toBe(mergedCommit);
    expect(fileAt(repository, 'mine.txt')).toBe('mine');
  });
});
