/** The toolset `orchestrator` over the real adapter and engine: many tasks, results, sessions, restarts, and calls with a key. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { complete, directory, execute, ids, mcp, plan, program, query, rig } from './orchestrator-rig.ts';

describe('faults that its users had', () => {
  it('counts tasks and not keys', async () => {
    const project = scratchFolder('counted');
    await mcp.ok('orchestrator_initialize_session', { working_directory: project });
    await plan('one', { specialist_type: 'coder' });
    const two = await plan('two', { specialist_type: 'coder' });
    await plan('three', { dependencies: [two.task_id] });
    await execute(two.task_id);
    const status = await mcp.ok('orchestrator_get_status', {
      include_performance_metrics: true,
      include_resource_usage: true,
    });
    expect(status.task_status).toMatchObject({
      active_tasks: 1,
      total_tasks: 3,
      tasks_by_status: { pending: 1, in_progress: 1, blocked: 1, completed: 0 },
      tasks_by_specialist: { coder: 2, generic: 1 },
    });
    expect(status.performance_metrics.calls).toBeGreaterThan(0);
    expect(status.resource_usage.memory_bytes).toBeGreaterThan(0);
    await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
  });

  it('results are put together from the parts, by role, with their artifacts', async () => {
    const parent = await plan('the whole');
    const parts = [
      await plan('first part', { parent_task_id: parent.task_id, specialist_type: 'coder' }),
      await plan('second part', { parent_task_id: parent.task_id, specialist_type: 'tester' }),
      await plan('third part', { parent_task_id: parent.task_id }),
    ];
    const answer = await complete(parts[0].task_id, { summary: 'coded' });
    expect(answer).toMatchObject({
      parent_task_progress: { completed_subtasks: 1, total_subtasks: 3, progress: 'in_progress' },
      next_recommended_task: { task_id: parts[1].task_id },
    });
    await complete(parts[1].task_id, { summary: 'tested' });
    const partial = await mcp.ok('orchestrator_synthesize_results', { parent_task_id: parent.task_id });
    expect(partial).toMatchObject({
      status: 'partial',
      incomplete: [{ task_id: parts[2].task_id }],
      sections: [{ specialist_type: 'coder' }, { specialist_type: 'tester' }],
    });
    const last = await complete(parts[2].task_id, { summary: 'rest' });
    expect(last.parent_task_progress).toMatchObject({ progress: 'completed', progress_percentage: 100 });
    const whole = await mcp.ok('orchestrator_synthesize_results', { parent_task_id: parent.task_id });
    expect(whole).toMatchObject({ status: 'synthesized', completed_subtasks: 3 });
    for (const words of ['coded', 'tested', 'rest']) expect(whole.synthesis).toContain(words);
    expect(whole.artifacts).toHaveLength(3);
  });

  it('a session is found again: status, resume, and its unfinished work', async () => {
    const project = scratchFolder('resumed');
    const begun = await mcp.ok('orchestrator_initialize_session', { working_directory: project });
    const { task_id } = await plan('unfinished');
    await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
    // Another session sees none of it.
    expect(ids(await query({ search_text: 'unfinished' }))).toEqual([]);
    expect(await mcp.call('orchestrator_execute_task', { task_id })).toMatchObject({
      isError: true,
      structured: { code: 'not_found', details: [['task_id']] },
    });
    const { session_id } = begun;
    expect(await mcp.ok('orchestrator_session_status', { session_id })).toMatchObject({
      exists: true,
      open_tasks: 1,
    });
    expect(await mcp.ok('orchestrator_resume_session', { session_id })).toMatchObject({
      active_tasks: [{ id: task_id }],
    });
    expect(ids(await query())).toEqual([task_id]);
    expect(await mcp.ok('orchestrator_initialize_session', { working_directory: project })).toMatchObject({
      session_id,
      created: false,
      active_tasks: [{ id: task_id }],
    });
    const listed = await mcp.ok('orchestrator_list_sessions', { limit: 100 });
    expect(listed.sessions.map((one: { session_id: string }) => one.session_id)).toContain(session_id);
    await complete(task_id);
    await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
    const old = { cleanup_type: 'completed', older_than_days: 0 };
    expect(await mcp.ok('orchestrator_cleanup_sessions', old)).toMatchObject({
      dry_run: true,
      total_cleaned: 0,
    });
    const cleaned = await mcp.ok('orchestrator_cleanup_sessions', { ...old, dry_run: false });
    expect(cleaned.cleaned_sessions).toContain(session_id);
    const gone = await mcp.call('orchestrator_session_status', { session_id });
    expect(gone).toMatchObject({ isError: true, structured: { code: 'not_found' } });
  });

  it('a restart of the worker is real, can be followed, and loses nothing', async () => {
    const { task_id } = await plan('over the restart');
    await execute(task_id);
    await mcp.ok('orchestrator_restart_server', { reason: 'configuration_update' });
    await expect
      .poll(async () => (await mcp.ok('orchestrator_restart_status')).current_status.phase, {
        timeout: 20_000,
      })
      .toBe('complete');
    const status = await mcp.ok('orchestrator_restart_status', { include_history: true });
    expect(status.history).toMatchObject({ total_restarts: 1, recent_restarts: [{ phase: 'done' }] });
    await complete(task_id);
    const refused = await mcp.call('orchestrator_restart_server', { graceful: false });
    expect(refused).toMatchObject({ isError: true, structured: { code: 'precondition' } });
    expect(await mcp.ok('orchestrator_shutdown_prepare')).toMatchObject({ ready_for_shutdown: true });
    const reached = { reconnected: true, same_engine: true, before: { pid: rig.endpoints.pid }, note: null };
    for (const client of [mcp, program]) {
      expect(await client.ok('orchestrator_reconnect_test')).toMatchObject({
        overall_status: 'pass',
        results: { reconnection_stats: reached },
      });
    }
  });
});

it('every tool that changes something is done once with one key, and answered as the first time', async () => {
  const { task_id } = await plan('keyed');
  for (const [name, input] of [
    ['orchestrator_plan_task', { title: 'keyed twin', description: 'x' }],
    ['orchestrator_execute_task', { task_id }],
    ['orchestrator_update_task', { task_id, title: 'keyed and renamed' }],
    ['orchestrator_cancel_task', { task_id, reason: 'enough' }],
    ['orchestrator_delete_task', { task_id }],
    ['orchestrator_cleanup_sessions', { dry_run: false }],
    ['orchestrator_maintenance_coordinator', { action: 'scan_cleanup' }],
  ] as const) {
    const keyed = { ...input, idempotency_key: `key of ${name}` };
    const first = await mcp.ok(name, keyed);
    expect(await mcp.ok(name, keyed), name).toEqual(first);
    const other = await mcp.call(name, {
      ...keyed,
      ...('task_id' in input
        ? { task_id: 'task-other' }
        : 'action' in input
          ? { action: 'validate_structure' }
          : { dry_run: true }),
    });
    expect(other, name).toMatchObject({ isError: true });
  }
  expect(ids(await query({ search_text: 'keyed twin' }))).toHaveLength(1);
});

it('keeps detailed work of 10 MB and files by content, and answers references', async () => {
  const { task_id } = await plan('large');
  const detailed_work = 'lärge 🚲 '.repeat(900_000);
  writeFileSync(join(directory, 'result.txt'), 'the result\n');
  const answer = await complete(task_id, {
    detailed_work,
    file_paths: ['result.txt'],
    artifact_type: 'code',
  });
  expect(answer.artifact_references).toMatchObject([
    { type: 'code', size: Buffer.byteLength(detailed_work) },
    { type: 'code', path: 'result.txt', size: 11 },
  ]);
  const [found] = (await query({ search_text: 'large', include_artifacts: true })).tasks;
  expect(found.artifacts).toEqual(answer.artifact_references);
  const outside = await plan('outside');
  const input = {
    task_id: outside.task_id,
    summary: 's',
    detailed_work: 'd',
    next_action: 'complete',
    file_paths: ['/etc/passwd'],
  };
  expect(await mcp.call('orchestrator_complete_task', input)).toMatchObject({
    isError: true,
    structured: { code: 'invalid_input', details: [['file_paths']] },
  });
});

it('plans a hierarchy of 200 and reads it at once', async () => {
  const parent = await plan('hierarchy');
  await Promise.all(
    Array.from({ length: 200 }, (_, at) => plan(`leaf ${at}`, { parent_task_id: parent.task_id })),
  );
  const found = await query({ search_text: 'hierarchy', include_children: true });
  expect(found.tasks[0].children).toHaveLength(200);
  expect(await query({ parent_task_id: parent.task_id, limit: 7 })).toMatchObject({ total_count: 200 });
});

it('lets nothing but the protocol out, and a log holds no token', () => {
  const token = readFileSync(join(rig.home, 'token'), 'utf8').trim();
  expect(readFileSync(join(rig.home, 'engine.log'), 'utf8')).not.toContain(token);
});
