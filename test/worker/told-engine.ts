/** The part of an engine that workers in processes of their own tell, over a port of its own, and what it was told. */
import type { TaskState } from '../../src/domain/task-state.ts';
import { createHttpApp } from '../../src/edge/http/app.ts';
import type { CallerOf } from '../../src/edge/http/authentication.ts';
import { type HttpServer, listen } from '../../src/engine/http-server.ts';
import { createPublishers, type Publishers } from '../../src/engine/publishers.ts';
import { CALLER_OF, HEALTH } from '../edge/http/call.ts';

export interface ToldEngine {
  readonly publishers: Publishers;
  /** Each thing that was told, in order, in a few words. */
  readonly told: string[];
  /** Ids of the workers that run in its home. */
  readonly running: Set<string>;
  readonly app: ReturnType<typeof createHttpApp>;
  serve(): Promise<HttpServer>;
}

const shown = ({ id, notes }: TaskState) => [id, ...notes].join(' ');

export function toldEngine(
  running: Iterable<string>,
  options: { readonly callerOf?: CallerOf; readonly answersWithinMs?: number; readonly isUp?: boolean } = {},
): ToldEngine {
  const told: string[] = [];
  const workers = new Set(running);
  const publishers = createPublishers({
    workers: {
      isRunning: (id) => workers.has(id),
      hasOthers: (than) => [...workers].some((id) => !than.has(id)),
    },
    live: () => ({
      changed: (state) => told.push(shown(state)),
      changedBy: (worker, state) => told.push(`${shown(state)} by ${worker}`),
      executions: {
        changed: (state) => told.push(`${state.id} ${state.status}`),
        changedBy: (worker, state) => told.push(`${state.id} ${state.status} by ${worker}`),
      },
      stepRuns: (id, runs) => told.push(`${id} ${runs ? 'runs' : 'ran'}`),
      waits: (id, what) => told.push(`${id} waits for ${what ?? 'nothing'}`),
      printed: ({ id, bytes }) => told.push(`${id} printed ${bytes}`),
      renew: () => told.push('anew'),
    }),
    ...(options.answersWithinMs !== undefined && { answersWithinMs: options.answersWithinMs }),
  });
  const app = createHttpApp({
    health: async () => HEALTH,
    host: '127.0.0.1',
    onBug: (error) => told.push(`bug: ${error.message}`),
    workers: {
      door: () => (options.isUp === false ? undefined : publishers),
      callerOf: options.callerOf ?? CALLER_OF,
    },
  });
  return { publishers, told, running: workers, app, serve: () => listen(app, '127.0.0.1', 0) };
}
