/** A tool with a key is called once and answered as the first time, wherever the engine died and whatever its client speaks for then. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withKeys } from '../../../../src/client/once.ts';
import { clientOf } from '../../../../src/domain/calls.ts';
import { TaskId } from '../../../../src/domain/ids.ts';
import type { EngineApi } from '../../../../src/domain/operations.ts';
import { RowFilter } from '../../../../src/domain/rows.ts';
import { localCaller } from '../../../../src/domain/scopes.ts';
import { sessionIdOf } from '../../../../src/domain/session.ts';
import { orchestratorTools } from '../../../../src/edge/compat/orchestrator/toolset.ts';
import { callWhole } from '../../../../src/edge/mcp/keyed-tools.ts';
import type { ToolContext } from '../../../../src/edge/mcp/tool.ts';
import { createRestarts } from '../../../../src/engine/restarts.ts';
import { VITALS } from '../../cli/fake-engine.ts';
import { DIED, keptInMemory } from '../../kept-in-memory.ts';
import { createToolRig, DIRECTORY, type ToolRig } from './fake-engine.ts';

const OTHER = '/home/ann/other';
let rig: ToolRig;
let engine: EngineApi;
let memory: ReturnType<typeof keptInMemory>;
let restarts: ReturnType<typeof createRestarts>;
let removed: string[] = [];
beforeEach(() => {
  rig = createToolRig();
  memory = keptInMemory();
  removed = [];
  // A worker that never comes back, so that a second restart is refused.
  restarts = createRestarts(() => ({ restart: () => new Promise<void>(() => undefined) }) as never);
  const calls: EngineApi = {
    ...rig.handlers,
    remove: (input) => {
      removed.push(input.id);
      return rig.handlers.remove(input);
    },
    restart: (input, context) => restarts.request(input, context?.keyed),
    vitals: async () => ({ ...VITALS, restarts: restarts.all() }),
  };
  engine = { ...rig.handlers, ...withKeys(calls, memory.once, localCaller('ann')) };
});

/** An adapter: it speaks for its directory until it is told of another one. */
function adapter(own = DIRECTORY, caller = 'ann') {
  let directory = own;
  const call = async (name: string, given: Record<string, unknown>) => {
    const row = orchestratorTools.find((tool) => tool.name === `orchestrator_${name}`);
    if (row === undefined) throw new Error(`there is no tool ${name}`);
    const { idempotency_key: key, ...input } = given;
    const values = row.input.parse(input);
    const { signal } = new AbortController();
    const speakFor = (other: string) => {
      directory = other;
    };
    const act = async (context: ToolContext) => {
      const { structured, text } = await row.call(clientOf(localCaller('ann'), engine), values, context);
      return { structuredContent: row.output.parse(structured), content: [{ type: 'text' as const, text }] };
    };
    const context = { directory, speakFor, signal };
    const session = sessionIdOf(own);
    const answer =
      typeof key === 'string'
        ? await callWhole(
            { kind: 'here', once: memory.once, caller },
            { row, engine: clientOf(localCaller('ann'), engine), key, values, context, session, act },
          )
        : await act(context);
    // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
    return answer.structuredContent as any;
  };
  return { call, speaksFor: () => directory };
}
const dies = async (times: number, call: () => Promise<unknown>) => {
  memory.lost = times;
  while (memory.lost > 0) await expect(call()).rejects.toThrow(DIED);
};

/** The answer of a part is lost, that of the whole, or one after the other. */
describe.each([1, 2, 3])(
  'a call whose engine died %i times between acting and keeping the answer',
  (times) => {
    it('deletes for good', async () => {
      rig.plan('one');
      await engine.cancel({ id: TaskId.parse('one') });
      const input = { task_id: 'one', archive_instead: false, idempotency_key: 'k' };
      await dies(times, () => adapter().call('delete_task', input));
      await expect(engine.show({ id: TaskId.parse('one') })).rejects.toMatchObject({ code: 'not_found' });
      const answer = await adapter().call('delete_task', input);
      expect(answer).toMatchObject({ status: 'deleted', previous_status: 'cancelled' });
      expect(await adapter().call('delete_task', input)).toEqual(answer);
      // Without the key it is what it is.
      await expect(adapter().call('delete_task', { task_id: 'one' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('deletes by force, and says what it was and what was cancelled', async () => {
      rig.plan('one');
      rig.plan('part', { parent: TaskId.parse('one') });
      const input = { task_id: 'one', force: true, idempotency_key: 'k' };
      await dies(times, () => adapter().call('delete_task', input));
      expect(await adapter().call('delete_task', input)).toMatchObject({
        previous_status: 'pending',
        cancelled: ['one', 'part'],
      });
    });

    it('restarts the worker once', async () => {
      const input = { idempotency_key: 'k' };
      await dies(times, () => adapter().call('restart_server', input));
      expect(await adapter().call('restart_server', input)).toMatchObject({ restart: { number: 1 } });
      await expect(adapter().call('restart_server', { idempotency_key: 'l' })).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(restarts.all()).toHaveLength(1);
    });

    it('speaks for the directory it spoke for', async () => {
      const one = adapter();
      engine.sessions = async () => ({ sessions: [] });
      await one.call('initialize_session', { working_directory: OTHER });
      const input = { title: 'Do it', description: '', idempotency_key: 'k' };
      memory.lost = times;
      await expect(one.call('plan_task', input)).rejects.toThrow(DIED);
      memory.lost = 0;
      const { task_id: id } = await adapter().call('plan_task', input);
      const { tasks } = await engine.list(RowFilter.parse({}));
      expect(tasks).toMatchObject([{ id, plan: { session: sessionIdOf(OTHER) } }]);
    });
  },
);

it('a restart that another engine has noted is done, because that engine had a worker of its own', async () => {
  const input = { idempotency_key: 'k' };
  await dies(1, () => adapter().call('restart_server', input));
  restarts = createRestarts(() => ({ restart: () => new Promise<void>(() => undefined) }) as never);
  expect(await adapter().call('restart_server', input)).toMatchObject({
    restart: { number: 1, phase: 'done' },
  });
  expect(restarts.all()).toEqual([]);
});

describe('maintenance', () => {
  afterEach(() => void vi.useRealTimers());

  it('archives what it found at first, and says so when it is called again', async () => {
    for (const id of ['one', 'two']) {
      rig.plan(id);
      await engine.cancel({ id: TaskId.parse(id) });
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31 * 86_400_000 });
    const input = { action: 'scan_cleanup', idempotency_key: 'of the month' };
    // Of the first task the answer is lost, then that of the second one, then that of the whole.
    await dies(3, () => adapter().call('maintenance_coordinator', input));
    const cleaned = await adapter().call('maintenance_coordinator', input);
    expect(cleaned.maintenance_results.items_cleaned.toSorted()).toEqual(['one', 'two']);
    expect(await adapter().call('maintenance_coordinator', input)).toEqual(cleaned);
    const other = { ...input, idempotency_key: 'of the next' };
    expect(await adapter().call('maintenance_coordinator', other)).toMatchObject({ summary: { cleaned: 0 } });
  });
});

it('cancels with a reason, and says what it was', async () => {
  rig.plan('one');
  const input = { task_id: 'one', reason: 'no need', idempotency_key: 'k' };
  await dies(1, () => adapter().call('cancel_task', input));
  // The answer of the report was lost: the task itself would answer it once more, and here it is open.
  expect(await adapter().call('cancel_task', input)).toMatchObject({
    cancellation_result: { previous_status: 'pending' },
  });
});

it('a call that was refused has changed nothing, and leaves its key free', async () => {
  rig.plan('one');
  const refused = { task_id: 'one', idempotency_key: 'k' };
  await expect(adapter().call('delete_task', refused)).rejects.toMatchObject({ code: 'conflict' });
  expect(memory.calls.size).toBe(0);
  await engine.cancel({ id: TaskId.parse('one') });
  expect(await adapter().call('delete_task', refused)).toMatchObject({ status: 'archived' });
});

it('ten at once with one key get one answer', async () => {
  rig.plan('one');
  await engine.cancel({ id: TaskId.parse('one') });
  const ten = (name: string, input: object) =>
    Promise.all(Array.from({ length: 10 }, () => adapter().call(name, { ...input, idempotency_key: 'k' })));
  const deleted = await ten('delete_task', { task_id: 'one', archive_instead: false });
  expect(new Set(deleted.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(removed).toEqual(['one']);
  const restarted = await Promise.all(
    Array.from({ length: 10 }, () => adapter().call('restart_server', { idempotency_key: 'l' })),
  );
  expect(new Set(restarted.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(restarts.all()).toHaveLength(1);
});

describe('an adapter that was started again, and speaks for its own directory', () => {
  const input = { title: 'Do it', description: '', idempotency_key: 'k' };

  it('plans nothing twice', async () => {
    const before = adapter();
    await before.call('initialize_session', { working_directory: OTHER });
    const planned = await before.call('plan_task', input);
    expect(await adapter().call('plan_task', input)).toEqual(planned);
    expect((await engine.list(RowFilter.parse({}))).total).toBe(1);
  });

  it.each([
    ['initialize_session', { working_directory: OTHER }],
    ['resume_session', { session_id: sessionIdOf(OTHER) }],
  ])('goes on in the session that a repeated %s answers', async (name, asked) => {
    const opened = { id: sessionIdOf(OTHER), directory: OTHER, createdAt: new Date(0).toISOString() };
    const session = { ...opened, tasks: 0, open: 0, lastActivityAt: opened.createdAt };
    engine.sessions = async () => ({ sessions: [session] });
    const key = { ...asked, idempotency_key: 'k' };
    const first = await adapter().call(name, key);
    const again = adapter();
    expect(await again.call(name, key)).toEqual(first);
    expect(again.speaksFor()).toBe(OTHER);
  });
});

it('the same key for another input is a conflict in a session, and no matter to another one, or to another caller', async () => {
  const input = { title: 'Do it', description: '', idempotency_key: 'k' };
  const other = { ...input, title: 'Do something else' };
  const { task_id: first } = await adapter().call('plan_task', input);
  await expect(adapter().call('plan_task', other)).rejects.toMatchObject({ code: 'conflict' });
  const { task_id: second } = await adapter(OTHER).call('plan_task', other);
  const { task_id: third } = await adapter(DIRECTORY, 'ben').call('plan_task', other);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await adapter(OTHER).call('plan_task', other)).toMatchObject({ task_id: second });
  await expect(adapter(OTHER).call('plan_task', { ...input, title: 'A third' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

it('answers what is too long to be kept, and finds it done the next time', async () => {
  rig.plan('one');
  const { show } = engine;
  const description = '"'.repeat(1_000_000);
  engine.show = async (input) => ({ ...(await show(input)), description });
  const input = { task_id: 'one', idempotency_key: 'k' };
  for (const _ of [1, 2]) {
    expect(await adapter().call('execute_task', input)).toMatchObject({ task_description: description });
  }
});
