/** What is said of the parent and of what is best done next when a task was completed. */
import { beforeEach, expect, it } from 'vitest';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
  rig.plan('whole');
  rig.plan('part-1', { parent: 'whole' as never });
  rig.plan('part-2', { parent: 'whole' as never });
});
const complete = (task_id: string) =>
  rig.ok('complete_task', { task_id, summary: 'done', detailed_work: '', next_action: 'complete' });
const update = (task_id: string, status: string) => rig.ok('update_task', { task_id, status });

it('puts results together where the last part is completed, whatever else is ready', async () => {
  rig.plan('unrelated');
  expect(await complete('part-1')).toMatchObject({
    parent_task_progress: { completed_subtasks: 1, total_subtasks: 2, progress: 'in_progress' },
    next_steps: ['go on with part-2'],
  });
  const last = await complete('part-2');
  expect(last.parent_task_progress).toMatchObject({ progress: 'completed', progress_percentage: 100 });
  expect(last.next_steps).toEqual([
    'call orchestrator_synthesize_results for whole',
    'then complete whole itself',
  ]);
  expect((await complete('whole')).next_steps).toEqual(['go on with unrelated']);
});

it('waits for no part that was cancelled, and counts what was put away', async () => {
  rig.plan('part-3', { parent: 'whole' as never });
  await update('part-2', 'cancelled');
  await update('part-1', 'completed');
  await update('part-1', 'archived');
  expect((await complete('part-3')).parent_task_progress).toEqual({
    parent_task_id: 'whole',
    progress: 'completed',
    completed_subtasks: 2,
    total_subtasks: 2,
    cancelled_subtasks: 1,
    progress_percentage: 100,
  });
});

it('never recommends a task whose parts are open', async () => {
  rig.plan('deep', { parent: 'part-2' as never });
  expect((await complete('part-1')).next_recommended_task).toMatchObject({ task_id: 'deep' });
  await update('deep', 'in_progress');
  rig.plan('alone');
  expect((await complete('alone')).next_recommended_task).toBeNull();
});

it('says that parts are open where their whole is completed', async () => {
  const answer = await complete('whole');
  expect(answer.message).toBe('task whole is completed, though its parts part-1, part-2 are open');
  expect(answer.next_steps[0]).toBe('complete or cancel part-1, part-2, which are still open');
});
