/**
 * Every operation that changes something, under an idempotency key, on a real engine: called again, with another input, by
 * another caller, in another session, and twice at once.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Pawl } from '../../src/client.ts';
import { operations } from '../../src/domain/operations.ts';
import { call, endAll, FRESH, type Input, NAMES, newId, rig } from './keyed-rows.ts';
import { runsOf } from './runs-of.ts';

/** Of scope `approve`. */
let other: Pawl;
beforeAll(async () => {
  const { token } = await rig.api.createToken({ name: 'other', scope: 'approve' });
  other = await connect({ PAWL_HOME: rig.home, PAWL_TOKEN: token });
});
afterAll(() => other.close());

/** How often the task of this input was begun, and all that it shows. */
async function standing({ id }: Input) {
  if (typeof id !== 'string') return { restarts: (await rig.api.vitals({})).restarts };
  const state = await rig.api.show({ id }).catch((error: unknown) => Object(error).code);
  return { state, runs: (await runsOf(rig.client, id)).length };
}

it('are all that change something', () => {
  const changing = Object.entries(operations).filter(
    ([, row]) => row.method !== 'GET' && !('keyless' in row),
  );
  expect(changing.map(([name]) => name).sort()).toEqual(NAMES.toSorted());
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
