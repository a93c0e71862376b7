/**
 * The toolset `orchestrator` over the real adapter and engine: the lifecycle that its users were promised, and each
 * fault of the system that they had.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type McpRig, serveMcpHere, startMcp } from './mcp-rig.ts';
import { attach, createRig, type EngineRig } from './rig.ts';

let rig: EngineRig;
let mcp: McpRig;
/** The adapter as an AI client starts it. */
let program: McpRig;
let directory: string;
beforeAll(async () => {
  const home = createRig();
  directory = scratchFolder('project');
  // One entry in a client's configuration is the whole installation: the adapter starts the engine.
  program = await startMcp(home.home, directory, ['--toolset', 'orchestrator']);
  await program.ok('orchestrator_initialize_session');
  rig = await attach(home);
  mcp = await serveMcpHere(home.home, directory, 'orchestrator');
});
afterAll(async () => {
  await mcp.close();
  await program.close();
  await rig.close();
});

const plan = (title: string, more: Record<string, unknown> = {}) =>
  mcp.ok('orchestrator_plan_task', { title, description: `Do ${title}`, ...more });
const execute = (task_id: string) => mcp.ok('orchestrator_execute_task', { task_id });
const complete = (task_id: string, more: Record<string, unknown> = {}) =>
  mcp.ok('orchestrator_complete_task', {
    task_id,
    summary: 'done',
    detailed_work: `all about ${task_id}`,
    next_action: 'complete',
    ...more,
  });
const query = (input: Record<string, unknown> = {}) => mcp.ok('orchestrator_query_tasks', input);
const ids = (answer: { tasks: { id: string }[] }) => answer.tasks.map(({ id }) => id);

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
      structured: { code: 'conflict', message: 'task is completed' },
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
    const cleaned = await maintain({ idempotency_key: 'of the month' });
    expect(cleaned.maintenance_results.items_cleaned).toEqual([alone.task_id]);
    expect(cleaned.summary).toMatchObject({ tasks_looked_at: 6, cleaned: 1 });
    expect(await maintain({ idempotency_key: 'of the month' })).toEqual(cleaned);
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

it('lets nothing but the protocol out, and a log holds no token', () => {
  const token = readFileSync(join(rig.home, 'token'), 'utf8').trim();
  expect(readFileSync(join(rig.home, 'engine.log'), 'utf8')).not.toContain(token);
});
