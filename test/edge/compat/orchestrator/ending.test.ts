/** Cancelling and deleting: who waits is told, who has been freed is nobody's business any more. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
  rig.plan('first');
  rig.plan('other');
  rig.plan('waits', { dependencies: ['first' as never] });
  rig.plan('waits-for-both', { dependencies: ['first' as never, 'other' as never] });
});
const first = (tool: string, more: Record<string, unknown> = {}) =>
  rig.ok(tool, { task_id: 'first', ...more });

describe('a completed task', () => {
  it.each([true, false])(
    'is deleted though others depended on it (archived: %s)',
    async (archive_instead) => {
      await first('update_task', { status: 'completed' });
      expect(await first('delete_task', { archive_instead })).toMatchObject({
        previous_status: 'completed',
        cancelled: [],
        dependent_tasks_updated: [],
      });
    },
  );
});

describe('a task that others wait for', () => {
  it('is not deleted, unless it is forced', async () => {
    const before = rig.state();
    await expect(first('delete_task')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('waits, waits-for-both wait for it'),
    });
    expect(rig.state()).toEqual(before);
    expect(await first('delete_task', { force: true })).toMatchObject({
      cancelled: ['first'],
      dependent_tasks_updated: ['waits', 'waits-for-both'],
    });
  });

  it('names them as it is cancelled, but those that are over', async () => {
    await rig.ok('cancel_task', { task_id: 'waits' });
    expect(await first('cancel_task')).toMatchObject({
      cancellation_result: { dependent_tasks_updated: ['waits-for-both'] },
    });
  });
});

it('the parts of a part that was put away are parts', async () => {
  rig.plan('part', { parent: 'other' as never });
  rig.plan('part-of-part', { parent: 'part' as never });
  await rig.ok('update_task', { task_id: 'part', status: 'cancelled' });
  await rig.ok('update_task', { task_id: 'part', status: 'archived' });
  await expect(rig.ok('delete_task', { task_id: 'other' })).rejects.toMatchObject({
    message: expect.stringContaining('its parts part-of-part are open'),
  });
});
