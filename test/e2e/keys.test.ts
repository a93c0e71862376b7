/**
 * Every operation that changes something, under an idempotency key, on a real engine: called again, with another input, by
 * another caller, in another session, twice at once, and once more after the engine was killed between acting and keeping.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { connect, type Pawl } from '../../src/client.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { atGate, attach, by, type EngineRig, startRig } from './rig.ts';
import { runsOf } from './runs-of.ts';

type Changing = Exclude<
  { [N in OperationName]: (typeof operations)[N]['method'] extends 'GET' ? never : N }[OperationName],
  'createToken'
>;
type Input = Readonly<Record<string, unknown>>;

let rig: EngineRig;
/** Of scope `approve`. */
let other: Pawl;
beforeAll(async () => {
  rig = await startRig({ PAWL_AGENTS_PER_HOST: '20' });
  const { token } = await rig.api.createToken({ name: 'other', scope: 'approve' });
  other = await connect({ PAWL_HOME: rig.home, PAWL_TOKEN: token });
});
afterAll(async () => {
  await endAll();
  await other.close();
  await rig.close();
});

async function endAll(): Promise<void> {
  const { tasks } = await rig.api.list({ status: ['pending', 'blocked', 'in_progress', 'awaiting_gate'] });
  await Promise.all(tasks.map(({ id }) => rig.api.cancel({ id })));
}

let count = 0;
const newId = () => {
  count += 1;
  return `keyed-${count}`;
};
const created = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.api.create({ id, title: 'Keyed' });
  return { id };
};
const over = async (): Promise<{ id: string }> => {
  const { id } = await created();
  await rig.api.complete({ id, summary: 'gone wrong', outcome: 'failed' });
  return { id };
};
const gated = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.run({ id, repository: newRepository(), ...by('writes', 'new.txt', 'new') });
  await rig.until(id, atGate);
  return { id };
};
const working = async (): Promise<{ id: string }> => {
  const id = newId();
  await rig.run({ id, repository: newRepository(), ...by('waits') });
  await rig.until(id, ({ attempts }) => attempts.at(-1)?.outcome === 'running');
  return { id };
};

/** Makes what a call is about, and answers an input that acts on it. */
const FRESH: { readonly [N in Changing]: () => Promise<Input> } = {
  run: async () => ({ id: newId(), requirement: 'Do it', repository: newRepository(), ...by('waits') }),
  create: async () => ({ id: newId(), title: 'Created' }),
  update: async () => ({ ...(await created()), status: 'in_progress', note: 'begun' }),
  claim: created,
  complete: async () => ({ ...(await created()), summary: 'done' }),
  archive: over,
  remove: over,
  open: async () => ({ directory: scratchFolder('opened') }),
  upload: async () => ({ content: Buffer.from(newId()).toString('base64') }),
  forget: async () => ({ session: (await rig.api.open({ directory: scratchFolder('forgotten') })).id }),
  restart: async () => {
    await expect
      .poll(async () => (await rig.api.vitals({})).restarts.at(-1)?.phase ?? 'done', { timeout: 30_000 })
      .toBe('done');
    count += 1;
    return { timeoutSeconds: 10 + count };
  },
  approve: gated,
  reject: async () => ({ ...(await gated()), reason: 'not so' }),
  tell: async () => ({ ...(await working()), text: 'be quick' }),
  retry: over,
  cancel: created,
  revokeToken: async () => {
    const name = newId();
    await rig.api.createToken({ name, scope: 'read' });
    return { name };
  },
};
const NAMES = Object.keys(FRESH) as Changing[];
const ROWS = Object.entries(FRESH) as [Changing, () => Promise<Input>][];

/** An answer to an escalation, after which the agent asks again or works. */
async function answered(agent: 'blocked' | 'blocked-at-first') {
  const asked = { id: newId() };
  const how = { key: `lost answer to ${agent}` };
  await rig.run({ ...asked, repository: newRepository(), ...by(agent) });
  await rig.until(asked.id, atGate);
  const first = await rig.api.retry(asked, how);
  const goesOn = ({ attempts, status }: TaskState) =>
    attempts.length === 2 && status === (agent === 'blocked' ? 'awaiting_gate' : 'in_progress');
  await rig.until(asked.id, goesOn);
  return async () => {
    // The answer was to the question before: one that is open now is answered by nobody.
    expect(await rig.api.retry(asked, how)).toEqual(first);
    const { attempts } = await rig.api.show(asked);
    expect({ agent, number: attempts.filter(({ reason }) => reason === 'retry').length }).toEqual({
      agent,
      number: 1,
    });
  };
}

interface How {
  readonly key: string;
  readonly session?: string;
}
const call = (name: Changing, input: Input, how: How, api: Pawl = rig.api): Promise<unknown> =>
  (api[name] as (input: Input, how: How) => Promise<unknown>)(input, how);

/** How often the task of this input was begun, and all that it shows. */
async function standing({ id }: Input) {
  if (typeof id !== 'string') return { restarts: (await rig.api.vitals({})).restarts };
  const state = await rig.api.show({ id }).catch((error: unknown) => Object(error).code);
  return { state, runs: (await runsOf(rig.client, id)).length };
}

it('are all that change something', () => {
  const changing = Object.entries(operations).filter(([, { method }]) => method !== 'GET');
  expect(
    changing
      .map(([name]) => name)
      .filter((name) => name !== 'createToken')
      .sort(),
  ).toEqual(NAMES.toSorted());
});

describe.each(NAMES)('%s', (name) => {
  const isLocal = operations[name].scope === 'local';
  afterAll(endAll);

  it('is answered as the first time, and done once', async () => {
    const input = await FRESH[name]();
    const how = { key: `again ${name}` };
    const first = await call(name, input, how);
    const before = await standing(input);
    expect(await call(name, input, how)).toEqual(first);
    // A task that works goes on meanwhile.
    if (name !== 'run' && name !== 'approve' && name !== 'reject' && name !== 'tell' && name !== 'restart')
      expect(await standing(input)).toEqual(before);
  });

  it('of two at once is done once', async () => {
    const input = await FRESH[name]();
    const how = { key: `twice ${name}` };
    const [one, two] = await Promise.all([call(name, input, how), call(name, input, how)]);
    expect(two).toEqual(one);
  });

  it('with another input is a conflict, and another call in another session or of another caller', async () => {
    const key = `other ${name}`;
    await call(name, await FRESH[name](), { key });
    const second = await FRESH[name]();
    const before = await standing(second);
    await expect(call(name, second, { key })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Idempotency-Key: .*choose a new key/),
    });
    if (name !== 'tell' && name !== 'restart') expect(await standing(second)).toEqual(before);
    expect(await call(name, second, { key, session: 'mine' })).toBeDefined();
    if (!isLocal) expect(await call(name, await FRESH[name](), { key }, other)).toBeDefined();
  });
});

it('are answered as the first time by an engine that was started again, with and without what it kept', {
  timeout: 120_000,
}, async () => {
  const calls: { name: Changing; input: Input; how: How; first: unknown }[] = [];
  for (const kept of ['kept', 'lost'])
    for (const [name, fresh] of ROWS) {
      const input = await fresh();
      const how = { key: `${kept} ${name}` };
      calls.push({ name, input, how, first: await call(name, input, how) });
    }
  const askAgain = [await answered('blocked'), await answered('blocked-at-first')];
  // What was cancelled or put away is run again by somebody else, and is another run by now.
  for (const { name, input } of calls)
    if (AGAIN.includes(name)) await rig.api.retry({ id: String(input.id) });
  const { pid } = rig.endpoints;
  const running = { pid, startedAt: rig.endpoints.startedAt };
  await rig.leave();
  sendSignal(pid, 'SIGKILL');
  await until(() => !isRunning(running));
  loseAnswers(rig.places.keptCalls, ROWS.length + askAgain.length);
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  rig = await attach(rig);
  for (const { name, input, how, first } of calls) {
    const isLost = how.key.startsWith('lost');
    const again = await call(name, input, how);
    if (name === 'restart' && isLost) expect(again).toMatchObject({ ...Object(first), phase: 'done' });
    else expect({ name, again }).toEqual({ name, again: first });
  }
  for (const one of calls) await expectDoneOnce(one);
  for (const again of askAgain) await again();
});

const AGAIN: readonly Changing[] = ['cancel', 'archive'];

async function expectDoneOnce({ name, input }: { name: Changing; input: Input }): Promise<void> {
  if (typeof input.id !== 'string' || name === 'remove') return;
  const runs = await runsOf(rig.client, input.id);
  const isAgain = name === 'retry' || AGAIN.includes(name);
  expect({ name, runs: runs.length }).toEqual({ name, runs: isAgain ? 2 : 1 });
  const { claims, notes, status } = await rig.api.show({ id: input.id });
  if (name === 'claim') expect(claims).toBe(1);
  if (name === 'update') expect(notes).toEqual(['begun']);
  // It was run again since, and that run goes on.
  if (AGAIN.includes(name)) expect({ name, status }).toEqual({ name, status: 'pending' });
}

/** As if the engine had died before it wrote the last answers: what it noted before it acted is there. */
function loseAnswers(path: string, last: number): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const answers = lines.filter((line) => 'answer' in JSON.parse(line));
  const lost = new Set(answers.slice(-last));
  writeFileSync(
    path,
    lines
      .filter((line) => !lost.has(line))
      .map((line) => `${line}\n`)
      .join(''),
  );
}

it('says over plain HTTP what is wrong with a header, and takes none with a read', async () => {
  const { token } = await rig.api.createToken({ name: 'plain', scope: 'operate' });
  const ask = async (method: string, path: string, headers: Record<string, string>) => {
    const answer = await fetch(`${rig.endpoints.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(method === 'POST' && { body: JSON.stringify({ id: newId(), title: 'Plain' }) }),
    });
    return { status: answer.status, body: Object(await answer.json()) };
  };
  for (const [header, text] of [
    ['Idempotency-Key', 'x'.repeat(201)],
    ['Pawl-Session', 'ü'],
  ] as const) {
    expect(await ask('POST', '/api/tasks', { 'Idempotency-Key': 'k', [header]: text })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_input', details: [[header]] } },
    });
  }
  expect(await ask('GET', '/api/tasks', { 'Idempotency-Key': 'k' })).toMatchObject({ status: 422 });
  expect(await ask('POST', '/api/tasks', { 'idempotency-key': 'k' })).toMatchObject({
    status: 200,
    body: { created: true },
  });
});

it('hold no secret', async () => {
  await expect(rig.api.createToken({ name: 'secret', scope: 'read' }, { key: 'k' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  const { token } = await rig.api.createToken({ name: 'secret', scope: 'read' });
  expect(readFileSync(rig.places.keptCalls, 'utf8')).not.toContain(token);
});
