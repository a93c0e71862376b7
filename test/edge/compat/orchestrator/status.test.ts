/** Where the work of a session stands: counts are of all there is, also where a list is cut. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sessionIdOf } from '../../../../src/domain/session.ts';
import { createToolRig, DIRECTORY, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
});
const ofSession = { session_id: sessionIdOf(DIRECTORY) };

describe('of 150 open tasks', () => {
  beforeEach(() => {
    for (let at = 0; at < 150; at += 1) rig.plan(`task-${at}`);
  });
  it.each([
    ['initialize_session', {}, 'the session goes on, with 150 unfinished tasks; the newest 100 unfinished'],
    [
      'resume_session',
      ofSession,
      'the session goes on, with 150 unfinished tasks; the newest 100 unfinished',
    ],
    ['session_status', ofSession, '150 of 150 tasks are open; the newest 100 unfinished'],
  ])('%s tells them all and that it lists 100', async (tool, input, text) => {
    const answer = await rig.ok(tool, input);
    expect(answer).toMatchObject({ open_tasks: 150, message: expect.stringContaining(text) });
    expect(answer.active_tasks).toHaveLength(100);
  });

  it('so does get_status, of what is completed too', async () => {
    const text = '150 ready, 0 blocked, 0 completed; the newest 100 open tasks are listed';
    expect((await rig.ok('get_status')).message).toContain(text);
    for (let at = 0; at < 101; at += 1)
      await rig.ok('update_task', { task_id: `task-${at}`, status: 'completed' });
    expect((await rig.ok('get_status')).message).toMatch(/101 completed$/);
    const all = await rig.ok('get_status', { include_completed: true });
    expect(all.message).toMatch(/101 completed; the newest 100 completed tasks are listed/);
  });

  it('the next to take is the oldest of all', async () => {
    const { next_steps } = await rig.ok('get_status');
    expect(next_steps).toEqual(
      ['task-0', 'task-1', 'task-2'].map((id) => `call orchestrator_execute_task for ${id}`),
    );
  });
});

it('a session that is listed whole is not called cut', async () => {
  rig.plan('one');
  expect(await rig.ok('initialize_session')).toMatchObject({
    message: 'the session goes on, with 1 unfinished tasks',
    open_tasks: 1,
  });
});

it('a task that waits for a person is in progress to whoever asks', async () => {
  const { count } = rig.handlers;
  rig.handlers.count = async (input) => {
    const counts = await count(input);
    return { ...counts, byStatus: { ...counts.byStatus, in_progress: 2, awaiting_gate: 3 } };
  };
  const { tasks_by_status: counts } = await rig.ok('session_status', ofSession);
  expect(counts).toMatchObject({ in_progress: 5 });
  expect(counts).not.toHaveProperty('awaiting_gate');
});

it('a task with parts shows how far it is, and is not next while they are open', async () => {
  rig.plan('whole');
  rig.plan('part', { parent: 'whole' as never });
  rig.plan('other-part', { parent: 'whole' as never });
  await rig.ok('update_task', { task_id: 'part', status: 'completed' });
  const status = await rig.ok('get_status');
  expect(status.next_steps).toEqual(['call orchestrator_execute_task for other-part']);
  const progress = { completed_subtasks: 1, total_subtasks: 2, progress_percentage: 50 };
  expect(status.tasks).toMatchObject([{ id: 'other-part' }, { id: 'whole', progress }]);
  expect(status.tasks[0]).not.toHaveProperty('progress');
  await rig.ok('update_task', { task_id: 'part', status: 'archived' });
  const query = await rig.ok('query_tasks', { include_children: true, search_text: 'whole' });
  expect(query.tasks).toMatchObject([{ id: 'whole', progress, children: [{ id: 'other-part' }] }]);
});
