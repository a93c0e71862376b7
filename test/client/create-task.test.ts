/** A task that would wait for one that too many wait for is refused before anything is started. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { createTask } from '../../src/client/create-task.ts';
import { createReads } from '../../src/client/task-reads.ts';
import type { Documents } from '../../src/domain/documents.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { createMask } from '../../src/domain/mask.ts';
import { operations } from '../../src/domain/operations.ts';
import { TaskRow } from '../../src/domain/rows.ts';
import { createStartSeals } from '../../src/engine/start-seals.ts';
import { indexOf, liveOver } from './live.ts';

const row = (id: string, plan: object): TaskRow =>
  TaskRow.parse({
    id,
    title: id,
    status: 'pending',
    kind: 'client_driven',
    startedAt: '2026-01-02T03:04:05Z',
    plan,
  });

/** A Temporal that has no task of the new id, and notes what is started. */
function temporal(started: string[]): Client {
  const describe = () => Promise.reject(new WorkflowNotFoundError('no such task', 'new', undefined));
  const start = async (_: string, { workflowId }: { workflowId: string }) => void started.push(workflowId);
  return {
    withDeadline: (_: number, act: () => unknown) => act(),
    workflow: { getHandle: () => ({ describe }), start },
  } as unknown as Client; // nothing else of it is asked
}

const nothing = {
  read: async () => undefined,
  put: async () => {},
  remove: async () => {},
  list: async () => [],
};
const documents: Documents = { sessions: nothing, archive: nothing, vouchedBases: nothing };

async function create(waiting: number, dependencies: readonly string[]) {
  const waits = Array.from({ length: waiting }, (_, at) => row(`waits-${at}`, { dependencies: ['first'] }));
  const rows = [row('first', {}), ...waits];
  const started: string[] = [];
  const client = temporal(started);
  const index = indexOf(async () => rows);
  const reads = createReads(client, liveOver(client, nothing, index), nothing);
  await reads.rows();
  const deps = {
    documents,
    mask: () => createMask([]),
    realDirectory: async (path: string) => path,
    now: () => new Date(0),
  };
  const input = operations.create.input.parse({ id: 'new', title: 'New', dependencies });
  const answer = await createTask(
    { client, eager: false, seals: createStartSeals('of a home'), archive: nothing },
    reads,
    deps,
    input,
  ).catch((error: unknown) => error);
  return { answer, started };
}

it('one more than a task can tell is refused, with a way out', async () => {
  expect(await create(LIMITS.dependantsPerTaskMax, ['first'])).toEqual({
    answer: expect.objectContaining({
      code: 'conflict',
      message: expect.stringMatching(
        /^dependencies: .*once first is completed, or let it wait for one of them$/,
      ),
    }),
    started: [],
  });
});

it.each([
  [LIMITS.dependantsPerTaskMax - 1, ['first']],
  [LIMITS.dependantsPerTaskMax, []],
  [LIMITS.dependantsPerTaskMax, ['waits-7']],
])('beside %i others one that waits for %j is started', async (waiting, dependencies) => {
  expect(await create(waiting, dependencies)).toEqual({
    answer: { id: 'new', created: true },
    started: ['new'],
  });
});
