/** What another Temporal may refuse: a plain object in its place. `server.test.ts` has the real one. */
import type { ConnectionLike } from '@temporalio/client';
import { expect, it } from 'vitest';
import { prepareNamespace } from '../../src/engine/namespace.ts';

const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const ALREADY_EXISTS = 6;
const withoutGate = {
  PawlStatus: 2,
  PawlKind: 2,
  PawlRepository: 2,
  PawlTitle: 1,
  PawlAttempt: 3,
  PawlChanged: 6,
  PawlFacts: 2,
};
const all = { ...withoutGate, PawlGate: 2 };

function connection(operator: { there?: Record<string, number>; list?: number; add?: number }) {
  const calls: string[] = [];
  const answer = (name: string, code: number | undefined, value: unknown) => async () => {
    calls.push(name);
    if (code !== undefined)
      throw Object.assign(new Error(`${code} no`), { code, details: 'no', metadata: {} });
    return value;
  };
  const fake = {
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflowService: {
      describeNamespace: answer('describe', undefined, {}),
      updateNamespace: answer('update', undefined, {}),
    },
    operatorService: {
      listSearchAttributes: answer('list', operator.list, { customAttributes: operator.there ?? {} }),
      addSearchAttributes: answer('add', operator.add, {}),
    },
  };
  // Only what is called is there.
  return { calls, connection: fake as unknown as ConnectionLike };
}

const prepare = (fake: { connection: ConnectionLike }) =>
  prepareNamespace({ connection: fake.connection, namespace: 'ours', embedded: false });

it('leaves another Temporal as it is when nothing is missing', async () => {
  const fake = connection({ there: { ...all, Theirs: 2 } });
  await prepare(fake);
  expect(fake.calls).toEqual(['describe', 'list']);
});

it('adds what is missing, and takes another engine that was quicker for granted', async () => {
  for (const add of [undefined, ALREADY_EXISTS]) {
    const fake = connection({ there: { PawlStatus: 2 }, ...(add === undefined ? {} : { add }) });
    await prepare(fake);
    expect(fake.calls).toEqual(['describe', 'list', 'add']);
  }
});

it.each([
  ['to add', { there: withoutGate, add: PERMISSION_DENIED }],
  ['to list', { list: UNIMPLEMENTED }],
])('says which command somebody else has to run when it may not be asked %s', async (_, operator) => {
  await expect(prepare(connection(operator))).rejects.toMatchObject({
    code: 'precondition',
    message: expect.stringMatching(
      /search attributes in namespace ours \(no\): .*temporal operator search-attribute create --namespace ours --name PawlGate --type Keyword/,
    ),
  });
});

it('says which attributes have another type', async () => {
  await expect(prepare(connection({ there: { ...all, PawlTitle: 2, PawlAttempt: 2 } }))).rejects.toThrow(
    'namespace ours has search attributes of another type: expected PawlTitle as Text, PawlAttempt as Int; use another',
  );
});
