/** An attempt whose agent wrote what should go through a filter of a person's is tried once more, with the reason. Real git. */
import { expect, it } from 'vitest';
import { settleAttempt } from '../../src/activities/settle-attempt.ts';
import type { AttemptInput } from '../../src/domain/steps.ts';
import { newWorld, put } from '../adapters/scratch-repository.ts';

it('says what is wrong, and is not final', async () => {
  const { workspaces, task } = newWorld({ 'a.txt': 'a\n', '.gitattributes': '*.key filter=git-crypt\n' });
  const { path, baseCommit } = await workspaces.prepare(task);
  put(path, { 't.key': 'plain\n' });
  const input = { task, baseCommit, attempt: { number: 1, token: 't', reason: 'first' } } as AttemptInput;
  const settled = settleAttempt({ workspaces }, input, { status: 'done', summary: 'did it' });
  const failure = await settled.catch((error: unknown) => error);
  expect(failure).toMatchObject({
    type: 'git',
    message: expect.stringMatching(/^t\.key: .* Put it back as it is in the base, or leave it out/),
  });
  expect(JSON.stringify(failure)).not.toContain('"final"');
});
