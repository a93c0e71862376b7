/** An attempt whose agent left a conflict of its own is told as one to be solved. Real git. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { settleAttempt } from '../../src/activities/settle-attempt.ts';
import type { AttemptInput } from '../../src/domain/steps.ts';
import { commitFiles, newWorld, put, userGit } from '../adapters/scratch-repository.ts';

it('names the files in which an agent left a conflict of its own', async () => {
  const { workspaces, task } = newWorld();
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 'a.txt': 'stashed\n' });
  userGit(path, 'stash', '-q');
  commitFiles(path, { 'a.txt': 'committed\n' });
  expect(spawnSync('git', ['stash', 'pop', '-q'], { cwd: path }).status).toBe(1);
  const input = { task, baseCommit, attempt: { number: 1, token: 't', reason: 'first' } } as AttemptInput;
  const settled = settleAttempt({ workspaces }, input, { status: 'done', summary: 'did it' });
  await expect(settled).rejects.toMatchObject({
    type: 'conflict',
    message: 'the agent has not solved conflicts of its own in a.txt',
  });
});
