/** What the orchestrator's tools refuse over the real adapter and engine: by the tool's own field, and with nothing changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../adapters/scratch-repository.ts';
import { type McpRig, serveMcpHere } from './mcp-rig.ts';
import { type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
let mcp: McpRig;
const directory = scratchFolder('refused');
/** By what they are: each a task's id. */
const ids: Record<string, string> = {};
beforeAll(async () => {
  rig = await startRig();
  mcp = await serveMcpHere(rig.home, directory, 'orchestrator');
  await mcp.ok('orchestrator_initialize_session', { working_directory: scratchFolder('elsewhere') });
  ids.foreign = await plan('foreign');
  await mcp.ok('orchestrator_initialize_session', { working_directory: directory });
  ids.open = await plan('open');
  ids.waits = await plan('waits', { dependencies: [ids.open] });
  for (const status of ['completed', 'failed', 'cancelled']) {
    const id = await plan(status);
    ids[status] = id;
    await mcp.ok('orchestrator_update_task', { task_id: id, status });
  }
  ids.archived = await plan('archived');
  await mcp.ok('orchestrator_update_task', { task_id: ids.archived, status: 'completed' });
  await mcp.ok('orchestrator_update_task', { task_id: ids.archived, status: 'archived' });
});
afterAll(async () => {
  await mcp.close();
  await rig.close();
});

const plan = async (title: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await mcp.ok('orchestrator_plan_task', { title, description: '', ...more })).task_id;
const state = async () => [
  (await mcp.ok('orchestrator_query_tasks', { limit: 1_000 })).tasks,
  (await mcp.ok('orchestrator_query_tasks', { limit: 1_000, status: ['archived'] })).tasks,
];

async function refused(name: string, input: Record<string, unknown>) {
  const before = await state();
  const answer = await mcp.call(`orchestrator_${name}`, input);
  expect(answer.isError, answer.text).toBe(true);
  expect(await state()).toEqual(before);
  return answer.structured;
}

describe('a plan', () => {
  const planned = (more: Record<string, unknown>) =>
    refused('plan_task', { title: 'x', description: '', ...more });
  const told = (code: string, field: string) => ({
    code,
    details: [[field]],
    message: expect.stringMatching(new RegExp(`^${field}: `)),
  });

  it.each(['completed', 'cancelled', 'failed', 'archived'])('under a parent that is %s', async (which) => {
    expect(await planned({ parent_task_id: ids[which] })).toMatchObject(
      told('precondition', 'parent_task_id'),
    );
  });

  it.each(['cancelled', 'failed'])('after a task that is %s', async (which) => {
    const answer = await planned({ dependencies: [ids.open, ids[which]] });
    expect(answer).toMatchObject(told('precondition', 'dependencies'));
  });

  it.each(['parent_task_id', 'dependencies'])(
    'with a %s of another session, told as one that is not there',
    async (field) => {
      const named = (id: string | undefined) => ({ [field]: field === 'dependencies' ? [id] : id });
      const unknown = await planned(named('task-0'));
      const foreign = await planned(named(ids.foreign));
      expect(unknown).toMatchObject(told('not_found', field));
      expect(foreign.message.replace(ids.foreign, 'task-0')).toBe(unknown.message);
      expect(foreign).toMatchObject({ code: unknown.code, details: unknown.details });
    },
  );

  it('is found again by its key, whatever has become of what it names', async () => {
    const dependency = await plan('dependency');
    const keyed = { title: 'keyed', dependencies: [dependency], idempotency_key: 'again' };
    const id = await plan('keyed', keyed);
    await mcp.ok('orchestrator_cancel_task', { task_id: dependency });
    expect(await plan('keyed', keyed)).toBe(id);
  });
});

describe('an update', () => {
  it.each([
    ['waits', { status: 'completed' }],
    ['open', { status: 'archived' }],
  ])('that would end one that %s, with words', async (which, more) => {
    await refused('update_task', { task_id: ids[which], title: 'CHANGED', ...more });
  });

  it.each(['completed', 'failed', 'cancelled', 'archived'])('of an older attempt to %s', async (status) => {
    const task_id = await plan('claimed');
    const { attempt_token } = await mcp.ok('orchestrator_execute_task', { task_id });
    await mcp.ok('orchestrator_execute_task', { task_id });
    await refused('update_task', { task_id, status, attempt_token });
  });
});

describe('what no file system would have', () => {
  const report = { summary: 's', detailed_work: 'd', next_action: 'complete' };
  it.each([
    ['initialize_session', { working_directory: '/tmp/\0' }, 'working_directory'],
    ['initialize_session', { working_directory: `/tmp/${'x'.repeat(300)}` }, 'working_directory'],
    ['initialize_session', { working_directory: 'relative' }, 'working_directory'],
    ['complete_task', { ...report, file_paths: ['a\0b'] }, 'file_paths'],
    ['complete_task', { ...report, file_paths: ['x'.repeat(300)] }, 'file_paths'],
    ['complete_task', { ...report, legacy_artifacts: Array(100).fill('a note') }, 'legacy_artifacts'],
  ])('is refused by %s: %o', async (tool, input, field) => {
    const about = tool === 'complete_task' ? { task_id: ids.open } : {};
    expect(await refused(tool, { ...about, ...input })).toMatchObject({
      code: 'invalid_input',
      details: [[field]],
      message: expect.stringMatching(new RegExp(`^${field}: expected`)),
    });
  });
});

it('titles of blanks and keys that would be lost are refused, texts are found whatever they are made of', async () => {
  const wrong = { title: ' ', description: '', context: JSON.parse('{"__proto__":1}') };
  expect(await refused('plan_task', wrong)).toMatchObject({
    code: 'invalid_input',
    details: [['title'], ['context', '__proto__']],
  });
  const id = await plan('Crème brûlée'.normalize('NFD'));
  const found = await mcp.ok('orchestrator_query_tasks', {
    search_text: 'CRÈME BRÛLÉE'.normalize('NFC'),
    created_after: '2020-01-01',
    created_before: '2120-01-01T00:00:00',
  });
  expect(found.tasks).toMatchObject([{ id }]);
});

it('a task is taken though what it depended on was deleted for good', async () => {
  const first = await plan('deleted later');
  const task_id = await plan('goes on', { dependencies: [first] });
  await mcp.ok('orchestrator_update_task', { task_id: first, status: 'completed' });
  await expect
    .poll(async () => (await mcp.ok('orchestrator_query_tasks', { search_text: 'goes on' })).tasks[0].status)
    .toBe('pending');
  await mcp.ok('orchestrator_delete_task', { task_id: first, archive_instead: false });
  expect(await mcp.ok('orchestrator_execute_task', { task_id })).toMatchObject({
    status: 'ready_for_execution',
    attempt: 1,
    dependencies: [{ task_id: first, status: 'completed' }],
  });
});
