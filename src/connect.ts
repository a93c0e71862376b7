/**
 * The engine of a home as another process sees it: a script, the command line. It is asked over HTTP alone, so an operation
 * means the same whoever calls it, and nothing here loads Temporal.
 */
import { type Config, readConfig } from './config.ts';
import { statesIn } from './domain/events.ts';
import type { ExecutionState } from './domain/executions/execution-state.ts';
import { PawlError } from './domain/failures.ts';
import { ExecutionId, TaskId } from './domain/ids.ts';
import type { EngineClient, OnAway } from './domain/operations.ts';
import type { TaskState } from './domain/task-state.ts';
import { createReconnectingClient, type Reach } from './edge/http/reconnecting-client.ts';
import { liveEndpoints } from './engine/endpoints.ts';
import { tokenOf } from './engine/home.ts';

/** Calls of a script: ids and defaults as a person writes them; with a key (`{ key }`), a call is answered as the first time. */
export type Pawl = EngineClient & {
  /** The task's state now and after each change, until the task or this connection is closed. */
  follow(id: string, signal?: AbortSignal, onAway?: OnAway): AsyncIterable<TaskState>;
  /** The same of an execution and of the tasks of its skills, until it is over or this connection is closed. */
  followExecution(id: string, signal?: AbortSignal, onAway?: OnAway): AsyncIterable<ExecutionState>;
  close(): Promise<void>;
};

/**
 * Connects to the engine of this home (`PAWL_HOME`, as everywhere), or to the one at `PAWL_URL`. It decides what every operation
 * means. One that is started again is found again.
 * @throws PawlError `unavailable` when no engine runs in this home: `pawl up -d` starts one; `invalid_input` for wrong settings
 */
export async function connect(env: NodeJS.ProcessEnv = process.env): Promise<Pawl> {
  const config = readConfig(env);
  const find = async () => {
    const found = await findEngine(config, env);
    if (found !== undefined) return found;
    throw new PawlError('unavailable', `no engine runs in ${config.home}: start one with \`pawl up -d\``);
  };
  await find();
  const closing = new AbortController();
  const engine = createReconnectingClient(find, closing.signal);
  return {
    ...engine,
    approve: (input, context) => engine.approve({ via: 'client', ...input }, context),
    reject: (input, context) => engine.reject({ via: 'client', ...input }, context),
    follow: (id, signal = closing.signal, onAway) => statesIn(engine.news(TaskId.parse(id), signal, onAway)),
    followExecution: (id, signal = closing.signal, onAway) =>
      engine.executionStates(ExecutionId.parse(id), signal, onAway),
    async close() {
      closing.abort();
    },
  };
}

/** Where the engine is that this process asks; undefined where none runs in its home. */
export async function findEngine(
  { home, elsewhere }: Config,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Reach | undefined> {
  // Which process answers there is its host's business.
  if (elsewhere !== undefined) return { ...elsewhere, isElsewhere: true, pid: 0, startedAt: '' };
  const endpoints = await liveEndpoints(home);
  return endpoints && { ...endpoints, token: tokenOf(home, env) };
}
