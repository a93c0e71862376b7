/** Changing a task and ending it by one call: all of it or nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
  rig.plan('first');
  rig.plan('waits', { dependencies: ['first' as never] });
});

const update = (task_id: string, more: Record<string, unknown>) =>
  rig.ok('update_task', { task_id, ...more });
const claim = async (task_id: string): Promise<string> =>
  (await rig.ok('execute_task', { task_id })).attempt_token;

describe('what is refused changes nothing', () => {
  it.each([
    ['a task that waits cannot be completed', 'waits', { status: 'completed' }, 'conflict'],
    ['an open task cannot be put away', 'first', { status: 'archived' }, 'invalid_input'],
    ['nor can one that waits', 'waits', { status: 'archived' }, 'invalid_input'],
  ])('%s', async (_, id, more, code) => {
    const before = rig.state();
    await expect(update(id, { title: 'CHANGED', ...more })).rejects.toMatchObject({ code });
    expect(rig.state()).toEqual(before);
  });

  it.each(['completed', 'failed', 'cancelled', 'archived', 'in_progress'])(
    'an older attempt cannot make it %s, with other words or without',
    async (status) => {
      const attempt_token = await claim('first');
      await claim('first');
      const before = rig.state();
      for (const words of [{}, { title: 'CHANGED' }]) {
        await expect(update('first', { status, attempt_token, ...words })).rejects.toMatchObject({
          code: expect.stringMatching(/^(conflict|invalid_input)$/),
        });
      }
      expect(rig.state()).toEqual(before);
    },
  );

  it('a task that is over takes no other words as it is put away', async () => {
    await update('first', { status: 'completed' });
    const before = rig.state();
    const refused = update('first', { status: 'archived', title: 'CHANGED' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_input', details: [['status']] });
    const old = update('first', { status: 'archived', attempt_token: 'token 1' });
    await expect(old).rejects.toMatchObject({ code: 'invalid_input', details: [['attempt_token']] });
    expect(rig.state()).toEqual(before);
  });
});

it.each(['completed', 'failed', 'cancelled'])('changes words and makes it %s', async (status) => {
  const attempt_token = await claim('first');
  const answer = await update('first', { status, title: 'Changed', attempt_token });
  expect(answer).toMatchObject({ status, updated_fields: ['title', 'status'], task: { title: 'Changed' } });
  expect(await update('first', { status: 'archived' })).toMatchObject({ status: 'archived' });
});

it('lets a task fail that waits, with other words', async () => {
  expect(await update('waits', { status: 'failed', title: 'Changed' })).toMatchObject({
    status: 'failed',
    task: { title: 'Changed' },
  });
});
