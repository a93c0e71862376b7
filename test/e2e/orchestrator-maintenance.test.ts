/** The toolset `orchestrator` over the real adapter and engine: maintenance, and input that is refused. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { complete, directory, ids, mcp, plan, query } from './orchestrator-rig.ts';

describe('maintenance', () => {
  afterEach(() => void vi.useRealTimers());
  /** The adapter's clock goes on, the engine's does not. */
  const daysLater = (days: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
  const maintain = (input: Record<string, unknown>) =>
    mcp.ok('orchestrator_maintenance_coordinator', { action: 'scan_cleanup', ...input });

  it('archives what was over for long, once, and nothing that something open needs', async () => {
    const project = scratchFolder('maintained');
    await mcp.ok('orchestrator_initialize_session', { working_directory: project });
    const done = await plan('done');
    const needed = await plan('needed');
    const whole = await plan('whole');
    const part = await plan('part', { parent_task_id: whole.task_id });
    await plan('waits', { dependencies: [done.task_id, needed.task_id] });
    await complete(done.task_id);
    await complete(part.task_id);
    const alone = await plan('alone');
    await complete(alone.task_id);
    const looked = { items_cleaned: [], issues_found: [{ task_id: whole.task_id }] };
    expect(await maintain({})).toMatchObject({ maintenance_results: looked, summary: { cleaned: 0 } });

    daysLater(29);
    expect((await maintain({})).summary.cleaned).toBe(0);
    daysLater(2);
    const cleaned = await maintain({});
    expect(cleaned.maintenance_results.items_cleaned).toEqual([alone.task_id]);
    expect(cleaned.summary).toMatchObject({ tasks_looked_at: 6, cleaned: 1 });
    expect((await maintain({})).summary).toMatchObject({ tasks_looked_at: 5, cleaned: 0 });
    expect(ids(await query({ status: ['archived'] }))).toEqual([alone.task_id]);

    await mcp.ok('orchestrator_cancel_task', { task_id: needed.task_id });
    const stuck = await maintain({ validation_level: 'full_audit' });
    expect(stuck.maintenance_results.issues_found).toContainEqual(
      expect.objectContaining({ issue: expect.stringContaining(`waits for ${needed.task_id}`) }),
    );
    const target = { scope: 'specific_subtask', target_task_id: whole.task_id };
    const handedOver = await maintain({ ...target, action: 'prepare_handover' });
    expect(handedOver.summary.tasks_looked_at).toBe(2);
    expect(handedOver.maintenance_results.document).toContain(`- part (${part.task_id}, completed): done`);
    expect(await maintain({ action: 'validate_structure' })).toMatchObject({
      summary: { issues: 0, cleaned: 0 },
    });
  });

  it('leaves the tasks of other sessions alone unless it is asked for all', async () => {
    await mcp.ok('orchestrator_initialize_session', { working_directory: scratchFolder('theirs') });
    const { task_id } = await plan('theirs');
    await complete(task_id);
    await mcp.ok('orchestrator_initialize_session', { working_directory: scratchFolder('mine') });
    daysLater(31);
    expect((await maintain({})).summary).toEqual({ tasks_looked_at: 0, issues: 0, cleaned: 0 });
    const all = await maintain({ scope: 'full_project' });
    expect(all.maintenance_results.items_cleaned).toContain(task_id);
    await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown field', 'orchestrator_plan_task', { title: 'a', description: 'b', colour: 'red' }, 'colour'],
    ['an empty title', 'orchestrator_plan_task', { title: '', description: 'b' }, 'title'],
    [
      'a wrong type',
      'orchestrator_plan_task',
      { title: 'a', description: 'b', task_type: 'odd' },
      'task_type',
    ],
    ['no date', 'orchestrator_plan_task', { title: 'a', description: 'b', due_date: 'soon' }, 'due_date'],
    [
      'a title that is too long',
      'orchestrator_plan_task',
      { title: 'x'.repeat(5_000), description: 'b' },
      'title',
    ],
    [
      'an unknown parent',
      'orchestrator_plan_task',
      { title: 'a', description: 'b', parent_task_id: 'task-0' },
      undefined,
    ],
    ['a negative limit', 'orchestrator_query_tasks', { limit: -1 }, 'limit'],
    ['a wrong status', 'orchestrator_query_tasks', { status: ['done'] }, 'status'],
    ['no task', 'orchestrator_execute_task', { task_id: 'never-made' }, 'task_id'],
    ['a task id that leads elsewhere', 'orchestrator_execute_task', { task_id: '../../etc' }, 'task_id'],
    [
      'no target',
      'orchestrator_maintenance_coordinator',
      { action: 'scan_cleanup', scope: 'specific_subtask' },
      'target_task_id',
    ],
    ['a time that is too short', 'orchestrator_restart_server', { timeout: 1 }, 'timeout'],
  ])('%s is told by the name of its field, and changes nothing', async (_, name, input, field) => {
    const before = (await query({ limit: 1_000 })).tasks;
    const answer = await mcp.call(name, input);
    expect(answer).toMatchObject({ isError: true, structured: { message: expect.any(String) } });
    expect(['invalid_input', 'not_found']).toContain(answer.structured.code);
    if (field !== undefined) expect(JSON.stringify(answer.structured.details)).toContain(`"${field}"`);
    expect(answer.text).not.toMatch(/\n\s+at /);
    expect((await query({ limit: 1_000 })).tasks).toEqual(before);
  });
});
