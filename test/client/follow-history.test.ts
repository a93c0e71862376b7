/** Following a task on a connection that can call no call off, as the worker's own is: nothing of that keeps it from looking. */
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { followTask } from '../../src/client/follow-history.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';

const id = TaskId.parse('followed');
const working = { id, status: 'in_progress', attempts: [{ number: 1, outcome: 'running' }], gates: [] };

/** Answers these states, the last one again and again; of its history there is never anything new. */
function temporal(states: readonly object[]): Client & { polls: number } {
  const left = [...states];
  const client = {
    polls: 0,
    options: { namespace: 'default' },
    withDeadline: (_: unknown, act: () => unknown) => act(),
    withAbortSignal: (_: unknown, act: () => unknown) => act(),
    workflow: {
      getHandle: () => ({
        workflowId: id,
        query: async () => (left.length > 1 ? left.shift() : left[0]),
        describe: async () => ({
          workflowId: id,
          type: 'task',
          status: { name: 'RUNNING' },
          typedSearchAttributes: new Map(),
          raw: {},
        }),
      }),
    },
    workflowService: {
      getWorkflowExecutionHistory: () => {
        client.polls += 1;
        return new Promise(() => undefined);
      },
    },
  };
  return client as unknown as Client & { polls: number }; // nothing else of it is asked
}

it('looks again while an attempt runs, beside one poll that goes on', async () => {
  const client = temporal([working, { ...working, progress: 0.5 }, { ...working, status: 'completed' }]);
  const told: Partial<TaskState>[] = [];
  for await (const state of followTask(client, id, new AbortController().signal)) told.push(state);
  expect(told).toMatchObject([{ status: 'in_progress' }, { progress: 0.5 }, { status: 'completed' }]);
  expect(client.polls).toBe(1);
});

it('ends when its follower leaves, though the poll goes on', async () => {
  const leaving = new AbortController();
  const client = temporal([{ ...working, attempts: [] }]);
  const states = followTask(client, id, leaving.signal);
  expect((await states.next()).value).toMatchObject({ status: 'in_progress' });
  const next = states.next();
  setTimeout(() => leaving.abort(), 20);
  expect(await next).toEqual({ done: true, value: undefined });
});
