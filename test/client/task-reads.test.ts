/** Tasks that were put away or removed, and a run that is started under their id since: there is one truth. */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { expect, it } from 'vitest';
import { createReads, readTask, takeOut } from '../../src/client/task-reads.ts';
import { readAllRows } from '../../src/client/visibility.ts';
import type { Archived, DocumentStore } from '../../src/domain/documents.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskRow } from '../../src/domain/rows.ts';
import { PawlFacts, PawlGate, PawlStatus } from '../../src/workflows/search-attributes.ts';
import { indexOf, liveOver } from './live.ts';

const id = TaskId.parse('a-task');
const BEFORE = '2026-01-01T00:00:00.000Z';
const AWAY = '2026-01-02T00:00:00.000Z';
const SINCE = '2026-01-03T00:00:00.000Z';
const LATE = '2026-01-04T00:00:00.000Z';

function storeOf(...kept: readonly Archived[]): DocumentStore<Archived> {
  const all = new Map(kept.map((one) => [one.row.id as string, one]));
  return {
    read: async (name) => all.get(name),
    put: async (name, value) => void all.set(name, value),
    remove: async (name) => void all.delete(name),
    list: async () => [...all.values()],
  };
}

const row: TaskRow = {
  id,
  title: 'A task',
  status: 'failed',
  kind: 'client_driven',
  startedAt: BEFORE,
};
const archived: Archived = { row: { ...row, archivedAt: AWAY } };
/** As older Pawls note it. */
const removed: Archived = { row: { ...row, removedAt: AWAY } };
const removedLate: Archived = { row: { ...row, removedAt: LATE }, removedUntil: BEFORE };

/** A Temporal that lists one run of the task, or none. */
function temporal(startedAt?: string, more: object = {}): Client {
  const run = {
    workflowId: id,
    type: 'task',
    status: { name: 'RUNNING' },
    startTime: new Date(startedAt ?? 0),
    typedSearchAttributes: new TypedSearchAttributes([]),
    memo: { task: { title: 'Once more', plannedAt: BEFORE } },
    ...more,
  };
  const list = async function* () {
    if (startedAt !== undefined) yield run;
  };
  const describe = async () => run;
  return { workflow: { list, getHandle: () => ({ describe }) } } as unknown as Client; // nothing else of it is asked
}

it.each([
  ['put away', archived, BEFORE, [{ archivedAt: AWAY }], 1],
  ['put away, whose history is gone', archived, undefined, [{ archivedAt: AWAY }], 1],
  ['put away and run again since', archived, SINCE, [{ title: 'Once more', status: 'pending' }], 0],
  ['removed', removed, BEFORE, [], 1],
  ['removed, whose history is gone', removed, undefined, [], 1],
  ['removed and begun anew since', removed, SINCE, [{ title: 'Once more', status: 'pending' }], 1],
  ['removed by a note that came late', removedLate, SINCE, [{ title: 'Once more' }], 1],
  ['removed by such a note', removedLate, BEFORE, [], 1],
] as const)('lists a task that was %s as it is', async (_, kept, startedAt, rows, left) => {
  const store = storeOf(kept);
  expect(await readAllRows(temporal(startedAt), store)).toMatchObject(rows);
  expect(await store.list()).toHaveLength(left);
});

it('a new run takes a task out, and leaves what the worker has told of it meanwhile', async () => {
  for (const told of [undefined, { ...row, status: 'in_progress' }] as const) {
    const store = storeOf(archived);
    const index = indexOf(async () => []);
    index.put(archived.row);
    if (told !== undefined) index.put(told);
    const reads = createReads(temporal(SINCE), liveOver(temporal(SINCE), store, index), store);
    await takeOut(reads, id);
    expect(await store.list()).toEqual([]);
    expect(index.get(id)).toEqual(told);
    await takeOut(reads, id);
  }
});

it('a task that was removed is not found', async () => {
  const store = storeOf(removed);
  const live = liveOver(
    temporal(BEFORE),
    store,
    indexOf(async () => []),
  );
  const reads = createReads(temporal(BEFORE), live, store);
  await expect(readTask(reads, id)).rejects.toMatchObject({ code: 'not_found' });
});

it.each([
  [
    'open',
    'RUNNING',
    { gates: [{ id: 'approval-2', gate: 'approval', openedAt: SINCE }], usage: { tokens: 3 } },
  ],
  ['terminated', 'TERMINATED', { usage: { tokens: 3 } }],
])('lists the gates and usage of a task that is %s without asking it', async (_, name, facts) => {
  const told = JSON.stringify({
    gates: [{ id: 'approval-2', gate: 'approval', openedAt: SINCE }],
    usage: { tokens: 3 },
  });
  const typedSearchAttributes = new TypedSearchAttributes([
    { key: PawlStatus, value: 'awaiting_gate' },
    { key: PawlGate, value: 'approval' },
    { key: PawlFacts, value: told },
  ]);
  const [listed] = await readAllRows(temporal(SINCE, { status: { name }, typedSearchAttributes }), storeOf());
  const { gates, usage } = listed ?? {};
  expect({ gates, usage }).toEqual({ gates: undefined, ...facts });
});
