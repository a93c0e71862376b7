/**
 * The three messages from the Temporal CLI alone, as somebody without Pawl's own would send them, and everything that
 * no message is: whatever comes, the task answers.
 */
import { randomInt } from 'node:crypto';
import { Connection } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { startTask } from '../../src/client/starting.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { Archived } from '../../src/domain/documents.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { MESSAGES, type MessageName } from '../../src/domain/messages.ts';
import { createStartSeals } from '../../src/engine/start-seals.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { atGate, by, check, closed, type EngineRig, startRig } from './rig.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const NAMES: readonly MessageName[] = ['update', 'complete', 'approve_gate', 'tell'];

/** `temporal workflow signal` with what it is given. */
async function signal(id: string, name: string, ...input: readonly string[]) {
  const told = await rig.temporal(['workflow', 'signal', '--workflow-id', id, '--name', name, ...input]);
  expect(told).toMatchObject({ code: 0 });
}
const send = (id: string, name: MessageName, body: unknown) =>
  signal(id, name, '--input', JSON.stringify(body));

/** The state as `temporal workflow query` prints it. */
async function query(id: string): Promise<Record<string, unknown>> {
  const args = ['workflow', 'query', '--workflow-id', id, '--type', 'state', '--output', 'json'];
  const { code, out, err } = await rig.temporal(args);
  expect({ code, err }).toMatchObject({ code: 0 });
  return JSON.parse(out).queryResult[0];
}

describe('from the Temporal CLI alone', () => {
  it('a client-driven task is worked on and closed', async () => {
    await rig.api.create({ id: 'notes', title: 'Write the notes' });
    await send('notes', 'update', { status: 'in_progress', progress: 0.5, note: 'half of it' });
    expect(await query('notes')).toMatchObject({ status: 'in_progress', progress: 0.5 });
    await send('notes', 'complete', { summary: 'written', artifacts: ['notes.md'] });
    expect(await query('notes')).toMatchObject({
      status: 'completed',
      summary: 'written',
      ignoredMessages: 0,
    });
    const described = await rig.temporal([
      'workflow',
      'describe',
      '--workflow-id',
      'notes',
      '--output',
      'json',
    ]);
    expect(JSON.parse(described.out).workflowExecutionInfo).toMatchObject({
      status: expect.stringContaining('COMPLETED'),
    });
  });

  it('a change is approved, and the approval says that nobody authenticated it', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new'), checks: [check('0')] });
    await rig.until(id, atGate);
    await send(id, 'approve_gate', { gate: 'approval', decision: 'approve', by: 'ann', via: 'cli' });
    const done = await rig.until(id, closed);
    expect(done).toMatchObject({
      status: 'completed',
      mergedCommit: userGit(repository, 'rev-parse', 'main'),
    });
    expect(done.gates.at(-1)).toMatchObject({ status: 'approved', by: 'ann', via: 'signal' });
    expect((await rig.pawl(['show', id])).out).toContain('approved by ann via signal (unauthenticated)');
  });

  it('a check gate cannot be passed, nor an agent-run task completed', async () => {
    const repository = newRepository();
    const id = await rig.run({ repository, ...by('writes', 'new.txt', 'new'), checks: [check('0')] });
    await rig.until(id, atGate);
    await send(id, 'approve_gate', { gate: 'check', decision: 'approve', by: 'ann' });
    await send(id, 'complete', { summary: 'trust me' });
    expect(await query(id)).toMatchObject({ status: 'awaiting_gate', ignoredMessages: 2 });
    await rig.api.cancel({ id });
  });
});

describe('what is no message', () => {
  it('is counted and dropped: no input, wrong types, unknown encodings, unknown names', async () => {
    const id = 'stubborn';
    await rig.api.create({ id, title: 'Stays as it is' });
    const before = await query(id);
    for (const name of NAMES) {
      await signal(id, name);
      await send(id, name, 17);
      await send(id, name, { decision: ['approve'], summary: {}, progress: 'half' });
      await signal(id, name, '--input', 'AAAA', '--input-base64', '--input-meta', 'encoding=binary/zzz');
    }
    await signal(id, 'no_such_message', '--input', '{}');
    expect(await query(id)).toEqual({ ...before, ignoredMessages: 4 * NAMES.length + 1 });
    await send(id, 'complete', { summary: 'still here' });
    expect(await query(id)).toMatchObject({ status: 'completed' });
  });

  it('is dropped 100 times at random', async () => {
    const seed = randomInt(2 ** 31);
    console.log(`random payloads from seed ${seed}`);
    const id = 'battered';
    await rig.api.create({ id, title: 'Stays as it is' });
    const messages = fc.sample(fc.tuple(fc.constantFrom(...NAMES), randomPayload), { numRuns: 100, seed });
    for (const [signalName, payload] of messages) {
      await rig.client.workflowService.signalWorkflowExecution({
        namespace: rig.endpoints.namespace,
        workflowExecution: { workflowId: id },
        signalName,
        input: { payloads: [payload] },
      });
    }
    expect(await query(id), `seed ${seed}`).toMatchObject({ status: 'pending', ignoredMessages: 100 });
    await rig.api.complete({ id, summary: 'still here' });
  });
});

/** Bytes under any encoding, or JSON that no message's schema accepts. */
const bytes = (text: string) => new TextEncoder().encode(text);
const anyEncoding = fc.constantFrom(
  'binary/zzz',
  'json/plain',
  'json/protobuf',
  'binary/plain',
  'binary/null',
  '',
);
const randomPayload = fc.oneof(
  fc.record({
    metadata: fc.oneof(
      anyEncoding.map((encoding) => ({ encoding: bytes(encoding) })),
      fc.constant({}),
    ),
    // A first byte that no JSON text begins with.
    data: fc.uint8Array({ maxLength: 300 }).map((data) => Uint8Array.from([0xff, ...data])),
  }),
  fc
    .jsonValue()
    .filter((value) => NAMES.every((name) => !MESSAGES[name].safeParse(value).success))
    .map((value) => ({ metadata: { encoding: bytes('json/plain') }, data: bytes(JSON.stringify(value)) })),
);

/** Without end where the workflow is stuck, so it is bounded here. */
const resultOf = (id: string) =>
  rig.client.withDeadline(Date.now() + 30_000, () => rig.client.workflow.getHandle(id).result());

describe('a start by hand', () => {
  it.each([
    { what: 'without input', id: 'by-hand-1', input: [] },
    { what: 'with wrong input', id: 'by-hand-2', input: ['--input', '{"spec":{"kind":"wish"}}'] },
    { what: 'with a list', id: 'by-hand-3', input: ['--input', '[1,2]'] },
    {
      what: 'with what cannot be read',
      id: 'by-hand-4',
      input: ['--input', 'x', '--input-meta', 'encoding=binary/zzz'],
    },
    {
      what: 'with a spec that lacks everything else',
      id: 'by-hand-5',
      input: ['--input', '{"spec":{"kind":"agent_run","id":"by-hand-5"}}'],
    },
    {
      what: 'with what another run would carry',
      id: 'by-hand-6',
      input: ['--input', '{"carried":{"phase":{}}}'],
    },
  ])('$what fails in words that say what to do', async ({ id, input }) => {
    const start = ['workflow', 'start', '--type', 'task', '--task-queue', 'pawl', '--workflow-id', id];
    expect(await rig.temporal([...start, ...input])).toMatchObject({ code: 0 });
    await expect(resultOf(id)).rejects.toMatchObject({
      cause: { type: 'invalid_input', message: expect.stringContaining('pawl run') },
    });
    expect(await rig.pawl(['list'])).toMatchObject({ code: 0 });
  });

  it('with the input that is asked for is a task like any other', async () => {
    const spec = { kind: 'client_driven', id: 'by-hand', title: 'By hand', description: '' };
    const start = ['workflow', 'start', '--type', 'task', '--task-queue', 'pawl', '--workflow-id', 'by-hand'];
    await rig.temporal([...start, '--input', JSON.stringify({ spec })]);
    await send('by-hand', 'complete', { summary: 'done' });
    expect(await query('by-hand')).toMatchObject({ status: 'completed', title: 'By hand' });
  });
});

it('a task answers also when the answer to its eager start, and with it the first workflow task, is lost', async () => {
  const { temporal, namespace } = rig.endpoints;
  const connection = await Connection.connect({ address: temporal });
  try {
    const client = createClient(connection, namespace);
    const service = client.workflowService;
    const start = service.startWorkflowExecution.bind(service);
    let lost = false;
    Object.assign(service, {
      startWorkflowExecution: async (request: Parameters<typeof start>[0]) => {
        const { eagerWorkflowTask, ...answer } = await start({ ...request, requestEagerExecution: true });
        lost = eagerWorkflowTask != null;
        return answer;
      },
    });
    const id = TaskId.parse('lost-answer');
    const spec = { kind: 'client_driven', id, title: 'Lost', description: '' } as const;
    const archive = createDocumentStore(rig.places.archive, Archived);
    await startTask({ client, eager: false, seals: createStartSeals(''), archive }, spec, {
      request: spec,
      keyed: undefined,
    });
    expect(lost).toBe(true);
    expect(await rig.api.update({ id, status: 'in_progress' })).toMatchObject({ status: 'in_progress' });
  } finally {
    await connection.close();
  }
});
