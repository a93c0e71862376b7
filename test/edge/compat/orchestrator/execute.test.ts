/** Taking a task: what it depends on is told truthfully, also where that is gone or ended otherwise. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
  rig.plan('first');
  rig.plan('waits', { dependencies: ['first' as never] });
});

const execute = () => rig.ok('execute_task', { task_id: 'waits' });
const update = (status: string) => rig.ok('update_task', { task_id: 'first', status });
const remove = (more: Record<string, unknown> = {}) =>
  rig.ok('delete_task', { task_id: 'first', archive_instead: false, ...more });

it('takes a task whose completed dependency was deleted for good', async () => {
  await update('completed');
  await remove();
  expect(await execute()).toMatchObject({
    status: 'ready_for_execution',
    attempt: 1,
    attempt_token: 'token 1',
    dependencies_completed: true,
    dependencies: [
      { task_id: 'first', status: 'completed', summary: 'it was deleted after it was completed' },
    ],
  });
});

it('tells two who take it which attempt is whose, and from whom the second has it', async () => {
  await update('completed');
  expect(await execute()).toMatchObject({ attempt: 1, message: 'task waits is yours, attempt 1' });
  const { claim } = rig.handlers;
  // Another one takes it before the state is read.
  rig.handlers.claim = async (input) => {
    const own = await claim(input);
    await claim(input);
    return own;
  };
  expect(await execute()).toMatchObject({
    attempt: 2,
    attempt_token: 'token 2',
    message: 'task waits is yours, attempt 2, taken from ann',
  });
});

it('claims nothing where what it depends on cannot be read', async () => {
  await update('completed');
  const before = rig.state();
  const { show } = rig.handlers;
  rig.handlers.show = (input) => (input.id === 'first' ? Promise.reject(new Error('away')) : show(input));
  await expect(execute()).rejects.toThrow('away');
  expect(rig.state()).toEqual(before);
});

it('says what has to be completed first', async () => {
  expect(await execute()).toMatchObject({ status: 'blocked', next_steps: ['complete first first'] });
});

describe('says that it waits in vain, and what helps', () => {
  it.each(['cancelled', 'failed'])('for one that is %s', async (status) => {
    await update(status);
    const answer = await execute();
    expect(answer).toMatchObject({
      status: 'blocked',
      message: `task waits waits in vain: first is ${status}`,
      dependencies: [{ task_id: 'first', status }],
      open_dependencies: ['first'],
      attempt_token: null,
    });
    expect(answer.next_steps).toEqual([
      `first is ${status} and will not be completed: \`pawl retry first\` runs it again, or cancel waits with orchestrator_cancel_task and plan it anew without it`,
    ]);
  });

  it('for one that was deleted', async () => {
    await update('cancelled');
    await remove({ force: true });
    const answer = await execute();
    expect(answer).toMatchObject({
      status: 'blocked',
      message: 'task waits waits in vain: first is deleted',
      dependencies: [{ task_id: 'first', status: 'deleted', summary: null }],
    });
    expect(answer.next_steps).toEqual([
      'first is deleted and will not be completed: cancel waits with orchestrator_cancel_task and plan it anew without it',
    ]);
  });
});
