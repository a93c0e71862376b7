/** A call with a key is done once and answered as the first time, wherever the caller died and whatever it speaks for then. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createAnswers } from '../../../../src/client/answers.ts';
import { clientOf } from '../../../../src/domain/calls.ts';
import type { KeptAnswer } from '../../../../src/domain/documents.ts';
import type { Restart } from '../../../../src/domain/engine-vitals.ts';
import { PawlError } from '../../../../src/domain/failures.ts';
import { TaskId } from '../../../../src/domain/ids.ts';
import type { EngineApi } from '../../../../src/domain/operations.ts';
import { RowFilter } from '../../../../src/domain/rows.ts';
import { localCaller } from '../../../../src/domain/scopes.ts';
import { sessionIdOf } from '../../../../src/domain/session.ts';
import { orchestratorTools } from '../../../../src/edge/compat/orchestrator/toolset.ts';
import { VITALS } from '../../cli/fake-engine.ts';
import { createToolRig, DIRECTORY, type ToolRig } from './fake-engine.ts';

const OTHER = '/home/ann/other';
let rig: ToolRig;
let engine: EngineApi;
let documents: Map<string, KeptAnswer>;
/** How often the engine is asked to keep an answer before it does. */
let lost = 0;
let restarts: Restart[] = [];
beforeEach(() => {
  rig = createToolRig();
  documents = new Map();
  restarts = [];
  lost = 0;
  const keep = createAnswers({
    read: async (name) => documents.get(name),
    put: async (name, value) => void documents.set(name, value),
    remove: async (name) => void documents.delete(name),
    list: async () => [...documents.values()],
  });
  engine = {
    ...rig.handlers,
    async answer(asked) {
      if (asked.answer !== undefined && lost > 0) {
        lost -= 1;
        throw new PawlError('unavailable', 'the adapter died here');
      }
      return keep(asked);
    },
    async restart({ reason }) {
      if (restarts.at(-1)?.phase === 'stopping') throw new PawlError('conflict', 'a restart is under way');
      const requestedAt = new Date().toISOString();
      restarts.push({ number: restarts.length + 1, reason, phase: 'stopping', requestedAt });
      return restarts.at(-1) as Restart;
    },
    vitals: async () => ({ ...VITALS, restarts: [...restarts] }),
  };
});

/** An adapter: it speaks for its directory until it is told of another one. */
function adapter(own = DIRECTORY) {
  let directory = own;
  let isSpokenFor = false;
  const call = async (name: string, input: Record<string, unknown>) => {
    const row = orchestratorTools.find((tool) => tool.name === `orchestrator_${name}`);
    if (row === undefined) throw new Error(`there is no tool ${name}`);
    const speakFor = (other: string) => {
      isSpokenFor ||= other !== directory;
      directory = other;
    };
    const { signal } = new AbortController();
    const context = { directory, isSpokenFor, speakFor, signal };
    const { structured } = await row.call(
      clientOf(localCaller('ann'), engine),
      row.input.parse(input),
      context,
    );
    // biome-ignore lint/suspicious/noExplicitAny: what tools answer is what the tests look at
    return row.output.parse(structured) as any;
  };
  return { call, speaksFor: () => directory };
}
const diesOnce = async (call: Promise<unknown>) => expect(call).rejects.toThrow('the adapter died here');
const open = async (directory: string) => ({
  id: sessionIdOf(directory),
  directory,
  createdAt: new Date(0).toISOString(),
});

describe('a call that died between being done and being answered', () => {
  it('deletes for good', async () => {
    rig.plan('one');
    await engine.cancel({ id: TaskId.parse('one') });
    const input = { task_id: 'one', archive_instead: false, idempotency_key: 'k' };
    lost = 1;
    await diesOnce(adapter().call('delete_task', input));
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
    lost = 2;
    await diesOnce(adapter().call('delete_task', input));
    await diesOnce(adapter().call('delete_task', input));
    expect(await adapter().call('delete_task', input)).toMatchObject({
      previous_status: 'pending',
      cancelled: ['one', 'part'],
    });
  });

  it('cancels, and says what it was; its reason is noted once', async () => {
    rig.plan('one');
    const notes: unknown[] = [];
    const { update } = engine;
    engine.update = async (input) => {
      notes.push(input.messageId);
      return notes.length === 1 ? update(input) : { id: input.id, status: 'cancelled' };
    };
    const input = { task_id: 'one', reason: 'no need', idempotency_key: 'k' };
    lost = 1;
    await diesOnce(adapter().call('cancel_task', input));
    expect(await adapter().call('cancel_task', input)).toMatchObject({
      cancellation_result: { previous_status: 'pending' },
    });
    expect(notes).toEqual([expect.any(String), notes[0]]);
  });

  it('restarts the worker once', async () => {
    lost = 1;
    await diesOnce(adapter().call('restart_server', { idempotency_key: 'k' }));
    expect(await adapter().call('restart_server', { idempotency_key: 'k' })).toMatchObject({
      restart: { number: 1 },
    });
    await expect(adapter().call('restart_server', { idempotency_key: 'l' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(restarts).toHaveLength(1);
  });

  it('speaks for the directory it spoke for', async () => {
    const one = adapter();
    engine.sessions = async () => ({ sessions: [] });
    await one.call('initialize_session', { working_directory: OTHER });
    const input = { title: 'Do it', description: '', idempotency_key: 'k' };
    lost = 1;
    await diesOnce(one.call('plan_task', input));
    const { task_id: id } = await adapter().call('plan_task', input);
    const { tasks } = await engine.list(RowFilter.parse({}));
    expect(tasks).toMatchObject([{ id, plan: { session: sessionIdOf(OTHER) } }]);
  });
});

it('ten at once with one key get one answer', async () => {
  rig.plan('one');
  await engine.cancel({ id: TaskId.parse('one') });
  const ten = (name: string, input: object) =>
    Promise.all(Array.from({ length: 10 }, () => adapter().call(name, { ...input, idempotency_key: 'k' })));
  const deleted = await ten('delete_task', { task_id: 'one', archive_instead: false });
  expect(new Set(deleted.map((answer) => JSON.stringify(answer))).size).toBe(1);
  const restarted = await ten('restart_server', {});
  expect(new Set(restarted.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(restarts).toHaveLength(1);
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
    const session = { ...(await open(OTHER)), tasks: 0, open: 0, lastActivityAt: new Date(0).toISOString() };
    engine.sessions = async () => ({ sessions: [session] });
    const key = { ...asked, idempotency_key: 'k' };
    const first = await adapter().call(name, key);
    const again = adapter();
    expect(await again.call(name, key)).toEqual(first);
    expect(again.speaksFor()).toBe(OTHER);
  });
});

it('the same key for another input is a conflict in a session, and no matter to another one', async () => {
  const input = { title: 'Do it', description: '', idempotency_key: 'k' };
  const other = { ...input, title: 'Do something else' };
  const { task_id: first } = await adapter().call('plan_task', input);
  await expect(adapter().call('plan_task', other)).rejects.toMatchObject({ code: 'conflict' });
  const { task_id: second } = await adapter(OTHER).call('plan_task', other);
  expect(second).not.toBe(first);
  expect(await adapter(OTHER).call('plan_task', other)).toMatchObject({ task_id: second });
  await expect(adapter(OTHER).call('plan_task', { ...input, title: 'A third' })).rejects.toMatchObject({
    code: 'conflict',
  });
});

it('answers what is too long to be kept, and finds it done the next time', async () => {
  rig.plan('one');
  const { show } = engine;
  const description = '"'.repeat(5_000_000);
  engine.show = async (input) => ({ ...(await show(input)), description });
  const input = { task_id: 'one', idempotency_key: 'k' };
  for (const _ of [1, 2]) {
    expect(await adapter().call('execute_task', input)).toMatchObject({ task_description: description });
  }
});
