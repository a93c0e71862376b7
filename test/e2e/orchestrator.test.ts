import { describe, expect, it } from 'vitest';
import { complete, execute, ids, mcp, plan, program, query } from './orchestrator-rig.ts';

it('goes through the documented lifecycle', async () => {
  const session = await program.ok('orchestrator_initialize_session');
  expect(session.status).toBe('session_initialized');
  const task = await program.ok('orchestrator_plan_task', {
    title: 'Integration Test Task',
    description: 'Test complete task lifecycle',
    complexity: 'moderate',
    task_type: 'standard',
    specialist_type: 'tester',
  });
  expect(task.success).toBe(true);
  const { task_id } = task;
  expect((await program.ok('orchestrator_execute_task', { task_id })).success).toBe(true);
  const found = await program.ok('orchestrator_query_tasks', { status: ['in_progress'], limit: 10 });
  expect(ids(found)).toContain(task_id);
  const updated = await program.ok('orchestrator_update_task', {
    task_id,
    status: 'in_progress',
    description: 'Updated description',
  });
  expect(updated.success).toBe(true);
  const completed = await program.ok('orchestrator_complete_task', {
    task_id,
    summary: 'Task completed successfully',
    detailed_work: 'Comprehensive test execution completed',
    next_action: 'complete',
  });
  expect(completed.success).toBe(true);
  expect((await program.ok('orchestrator_synthesize_results', { parent_task_id: task_id })).success).toBe(
    true,
  );
  expect((await program.ok('orchestrator_health_check')).healthy).toBe(true);
  const maintained = await program.ok('orchestrator_maintenance_coordinator', { action: 'scan_cleanup' });
  expect(maintained.status).toBe('maintenance_completed');
});

describe('faults that its users had', () => {
  it('an update that is refused changes nothing, one that is answered is done', async () => {
    const { task_id } = await plan('update me');
    const refused = await mcp.call('orchestrator_update_task', { task_id, title: 'Other', status: 'done' });
    expect(refused).toMatchObject({
      isError: true,
      structured: { code: 'invalid_input', details: [['status']] },
    });
    expect(await query({ search_text: 'update me' })).toMatchObject({
      tasks: [{ title: 'update me', status: 'pending' }],
    });
    await mcp.ok('orchestrator_update_task', { task_id, title: 'Renamed', complexity: 'complex' });
    expect(await query({ search_text: 'renamed' })).toMatchObject({
      tasks: [{ id: task_id, complexity: 'complex' }],
    });
  });

  it('a deletion that is answered with an error has deleted nothing', async () => {
    const { task_id } = await plan('delete me');
    const refused = await mcp.call('orchestrator_delete_task', { task_id });
    expect(refused).toMatchObject({ isError: true, structured: { code: 'conflict' } });
    expect(ids(await query({ search_text: 'delete me' }))).toEqual([task_id]);
    expect(await mcp.ok('orchestrator_delete_task', { task_id, force: true })).toMatchObject({
      status: 'archived',
      cancelled: [task_id],
    });
    expect(ids(await query({ search_text: 'delete me' }))).toEqual([]);
    expect(await query({ search_text: 'delete me', status: ['archived'] })).toMatchObject({
      tasks: [{ id: task_id, status: 'archived' }],
    });
  });

  it('every filter works, alone and with others, and what was said of a task comes back', async () => {
    const said = {
      task_type: 'research',
      complexity: 'very_complex',
      specialist_type: 'architect',
      estimated_effort: '2 days',
      due_date: '2026-12-31',
      context: { why: 'because', nested: { list: [1, 2] } },
    };
    const first = await plan('Zürich 🚲 研究', said);
    const second = await plan('other work', { task_type: 'research', dependencies: [first.task_id] });
    const after = new Date(Date.parse(first.created_at) - 1).toISOString();
    for (const filter of [
      { status: ['pending'] },
      { task_type: ['research'] },
      { specialist_type: ['architect', 'tester'] },
      { complexity: ['very_complex'] },
      { search_text: 'zürich' },
      { search_text: '研究' },
      { created_after: after },
      { created_before: new Date(Date.now() + 60_000).toISOString() },
      { status: ['pending'], task_type: ['research'], complexity: ['very_complex'], search_text: 'zürich' },
    ]) {
      const found = await query(filter);
      expect(ids(found), JSON.stringify(filter)).toContain(first.task_id);
      expect(found.filters_applied).toEqual(filter);
    }
    const [entry] = (await query({ search_text: '研究' })).tasks;
    expect(entry).toMatchObject(said);
    expect((await query({ search_text: 'other work' })).tasks[0]).toMatchObject({
      dependencies: [first.task_id],
      status: 'blocked',
    });
    expect(second.blocked_by).toEqual([first.task_id]);
    const page = await query({ task_type: ['research'], limit: 1, offset: 1 });
    expect(page).toMatchObject({ total_count: 2, has_more: false, tasks: [{ id: first.task_id }] });
  });

  it('an unfinished dependency is told and keeps the task, a finished one frees it with its result', async () => {
    const first = await plan('dependency');
    const second = await plan('dependent', { dependencies: [first.task_id] });
    expect(await execute(second.task_id)).toMatchObject({
      status: 'blocked',
      dependencies_completed: false,
      open_dependencies: [first.task_id],
      attempt_token: null,
    });
    const taken = await execute(first.task_id);
    expect(taken).toMatchObject({ status: 'ready_for_execution', task_status: 'in_progress', attempt: 1 });
    await complete(first.task_id, { attempt_token: taken.attempt_token, summary: 'the answer is 42' });
    await expect.poll(async () => (await execute(second.task_id)).status).toBe('ready_for_execution');
    expect(await execute(second.task_id)).toMatchObject({
      dependencies_completed: true,
      dependencies: [{ task_id: first.task_id, status: 'completed', summary: 'the answer is 42' }],
    });
    const served = await mcp.call('orchestrator_execute_task', { task_id: first.task_id });
    expect(served).toMatchObject({
      isError: true,
      structured: { code: 'conflict', message: `task ${first.task_id} is completed` },
    });
  });

  it('work that needs a revision or is blocked is not completed', async () => {
    const { task_id } = await plan('revise me');
    await execute(task_id);
    for (const [next_action, task_status] of [
      ['needs_revision', 'in_progress'],
      ['blocked', 'blocked'],
    ]) {
      expect(await complete(task_id, { next_action, summary: 'not yet' })).toMatchObject({
        status: next_action,
        task_status,
        completion_time: null,
      });
    }
    expect(await complete(task_id)).toMatchObject({ status: 'success', task_status: 'completed' });
  });

  it('a second completion with the same key gets the first answer, with another one a conflict', async () => {
    const { task_id } = await plan('complete me');
    const first = await complete(task_id, { idempotency_key: 'k1' });
    expect(await complete(task_id, { idempotency_key: 'k1' })).toEqual(first);
    const input = {
      task_id,
      summary: 'done',
      detailed_work: 'x',
      next_action: 'complete',
      idempotency_key: 'k2',
    };
    expect(await mcp.call('orchestrator_complete_task', input)).toMatchObject({
      isError: true,
      structured: { code: 'conflict' },
    });
    expect(first.artifact_count).toBe(1);
  });

  it('who claimed a task before may not report any more', async () => {
    const { task_id } = await plan('fence me');
    const one = await execute(task_id);
    const two = await execute(task_id);
    expect(two.attempt).toBe(2);
    const late = {
      task_id,
      summary: 'late',
      detailed_work: 'x',
      next_action: 'complete',
      attempt_token: one.attempt_token,
    };
    expect(await mcp.call('orchestrator_complete_task', late)).toMatchObject({
      isError: true,
      structured: { code: 'conflict' },
    });
    await complete(task_id, { attempt_token: two.attempt_token });
  });
});
