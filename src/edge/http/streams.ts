/** The streams of the API: what happens to one task or execution, and what changes in lists. */

import type { Context } from 'hono';
import { z } from 'zod';
import { FeedEvent, Printed, statesIn } from '../../domain/events.ts';
import { ExecutionState } from '../../domain/executions/execution-state.ts';
import { PawlError } from '../../domain/failures.ts';
import { ExecutionId, TaskId } from '../../domain/ids.ts';
import { issueWords } from '../../domain/issue-words.ts';
import type { EngineApi } from '../../domain/operations.ts';
import type { Scope } from '../../domain/scopes.ts';
import { TaskState } from '../../domain/task-state.ts';
import { readQuery } from './query-string.ts';
import { rendered, type ServerSent } from './server-sent.ts';

export interface StreamRoute {
  readonly name: string;
  readonly summary: string;
  readonly path: string;
  readonly scope: Scope;
  readonly query: readonly string[];
  /** What `data` is as JSON. */
  readonly data: z.ZodType;
  /** The events that it tells. @throws PawlError */
  open(engine: EngineApi, request: Context['req'], signal: AbortSignal): AsyncIterable<ServerSent>;
}

export const FOLLOW: StreamRoute = {
  name: 'follow',
  summary: 'Follow one task: its state now and after each change, until it is closed',
  path: '/api/tasks/{id}/follow',
  scope: 'read',
  query: [],
  data: TaskState,
  async *open(engine, request, signal) {
    queryOf(FOLLOW, request);
    yield* statesSent(statesIn(engine.news(idIn(request, TaskId), signal)));
  },
};

export const FOLLOW_EXECUTION: StreamRoute = {
  name: 'followExecution',
  summary:
    'Follow one execution: its state now and after each change, also of the tasks of its skills, until it is over',
  path: '/api/executions/{id}/follow',
  scope: 'read',
  query: [],
  data: ExecutionState,
  async *open(engine, request, signal) {
    queryOf(FOLLOW_EXECUTION, request);
    yield* statesSent(engine.executionStates(idIn(request, ExecutionId), signal));
  },
};

export const NEWS: StreamRoute = {
  name: 'news',
  summary:
    'The same, and how far its agent has printed: `state` holds the state, `output` the length of the log of an attempt',
  path: '/api/tasks/{id}/news',
  scope: 'read',
  query: [],
  data: z.union([TaskState, Printed]),
  async *open(engine, request, signal) {
    queryOf(NEWS, request);
    let count = 0;
    for await (const news of engine.news(idIn(request, TaskId), signal)) {
      count += 1;
      const data = news.type === 'state' ? rendered(news.state) : rendered(news);
      yield { event: news.type, id: String(count), data };
    }
  },
};

export const EVENTS: StreamRoute = {
  name: 'events',
  summary:
    'What changes in lists: a snapshot of all rows, or with `after` what came since that event; then each event as it comes. A snapshot after all says that `after` is not known here (too old, of another start of the engine, or yet to come), and that what was held is void',
  path: '/api/events',
  scope: 'read',
  query: ['after'],
  data: FeedEvent,
  async *open(engine, request, signal) {
    const { after } = queryOf(EVENTS, request);
    if (after !== undefined && typeof after !== 'string')
      throw new PawlError('invalid_input', 'after: expected the number of one event', {
        details: [['after']],
      });
    // A browser that comes back by itself, at the same address, names the last event that it has so.
    const last = request.header('last-event-id') ?? after;
    for await (const { number, event } of engine.events(last, signal))
      yield { event: event.type, id: number, data: rendered(event) };
  },
};

export const STREAMS: readonly StreamRoute[] = [FOLLOW, NEWS, FOLLOW_EXECUTION, EVENTS];

async function* statesSent(states: AsyncIterable<object>): AsyncGenerator<ServerSent> {
  let count = 0;
  for await (const state of states) {
    count += 1;
    yield { event: 'state', id: String(count), data: rendered(state) };
  }
}

const queryOf = ({ query }: StreamRoute, { url }: Context['req']): Record<string, unknown> =>
  readQuery(
    new URL(url).searchParams,
    Object.fromEntries(query.map((field) => [field, { type: 'string' as const }])),
  );

function idIn<F extends z.ZodType>(request: Context['req'], form: F): z.output<F> {
  const id = form.safeParse(request.param('id'), { error: issueWords });
  if (id.success) return id.data;
  throw new PawlError('invalid_input', `id: ${id.error.issues[0]?.message}`, { details: [['id']] });
}
