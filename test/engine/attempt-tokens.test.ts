/** Whose the token of an attempt is: the agent's of the attempt that runs now, on this home. */
import { expect, it } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { Attempt, TaskState } from '../../src/domain/task-state.ts';
import { createAttemptTokens, withAttempts } from '../../src/engine/attempt-tokens.ts';
import { newTask } from '../domain/tasks.ts';

const task = TaskId.parse('fix-login');
const attempt = { task, run: 'a1', number: 2, token: 'fence', variables: ['A_KEY'] };
const tokens = createAttemptTokens('secret');
const token = tokens.close(attempt);
const at = (number: number, outcome: Attempt['outcome'], run = 'a1'): TaskState =>
  newTask({ id: task, run, attempts: [{ number, reason: 'first', agent: 'fixer', outcome }] });
const callerAt = (show: () => TaskState | undefined, of = token) =>
  withAttempts(
    tokens,
    () => ({
      async show() {
        const state = show();
        if (state === undefined) throw new PawlError('not_found', 'there is no such task');
        return state;
      },
    }),
    async () => ({ problem: 'of others' }),
  )(of);

it('is taken while its attempt runs, and says which it is', async () => {
  expect(await callerAt(() => at(2, 'running'))).toEqual({
    name: 'attempt 2 of fix-login',
    scopes: ['agent'],
    attempt: { ...attempt, sealed: token },
  });
});

it.each([
  ['the attempt is over', () => at(2, 'done')],
  ['a later one runs', () => at(3, 'running')],
  ['the task was run again', () => at(2, 'running', 'b2')],
  ['the task is gone', () => undefined],
])('falls where %s', async (_, show) => {
  expect(await callerAt(show)).toEqual({
    problem: expect.stringMatching(/^the token is that of attempt 2 of the task fix-login/),
  });
});

it('is none of ours from another home, changed, or made for another purpose', async () => {
  const foreign = createAttemptTokens('another secret').close(attempt);
  for (const text of [foreign, `${token}x`, token.replace('pawl_', 'pawl_A'), 'x'])
    expect(await callerAt(() => at(2, 'running'), text)).toEqual({ problem: 'of others' });
});

it('is answered by nobody while the engine starts, or cannot ask the task', async () => {
  const others = async () => ({ problem: 'of others' });
  await expect(withAttempts(tokens, () => undefined, others)(token)).rejects.toMatchObject({
    code: 'unavailable',
  });
  const failing = () => {
    throw new PawlError('unavailable', 'no worker');
  };
  await expect(callerAt(failing)).rejects.toMatchObject({ code: 'unavailable' });
});
