/**
 * The engine of a home as another process sees it: a script, the command line. It is asked over HTTP alone, so an operation
 * means the same whoever calls it, and nothing here loads Temporal.
 */
import { readConfig } from './config.ts';
import { callsBy } from './domain/calls.ts';
import { PawlError } from './domain/failures.ts';
import { TaskId } from './domain/ids.ts';
import { invoke } from './domain/invoke.ts';
import type { CallOf, EngineApi, OperationName, OutputOf } from './domain/operations.ts';
import type { TaskState } from './domain/task-state.ts';
import { createReconnectingClient } from './edge/http/reconnecting-client.ts';
import { liveEndpoints } from './engine/endpoints.ts';
import { tokenOf } from './engine/home.ts';

/** Calls of a script: ids and defaults as a person writes them. */
export type Pawl = { [N in OperationName]: (input: CallOf<N>) => Promise<OutputOf<N>> } & {
  /** The task's state now and after each change, until the task or this connection is closed. */
  follow(id: string, signal?: AbortSignal): AsyncIterable<TaskState>;
  close(): Promise<void>;
};

/**
 * Connects to the engine of this home (`PAWL_HOME`, as everywhere), which decides what every operation means. One that is
 * started again is found again.
 * @throws PawlError `unavailable` when no engine runs there: `pawl up -d` starts one
 */
export async function connect(env: NodeJS.ProcessEnv = process.env): Promise<Pawl> {
  const { home } = readConfig(env);
  const find = async () => {
    const endpoints = await liveEndpoints(home);
    if (endpoints !== undefined) return { ...endpoints, token: tokenOf(home, env) };
    throw new PawlError('unavailable', `no engine runs in ${home}: start one with \`pawl up -d\``);
  };
  await find();
  const closing = new AbortController();
  const engine = createReconnectingClient(find, closing.signal);
  return {
    ...callsOf(engine),
    follow: (id, signal = closing.signal) => engine.follow(TaskId.parse(id), signal),
    async close() {
      closing.abort();
    },
  };
}

/** Every operation with its input checked first, as every edge does. */
function callsOf(engine: EngineApi): Omit<Pawl, 'follow' | 'close'> {
  return callsBy((name) => (input) => invoke(engine, name, input)) as Omit<Pawl, 'follow' | 'close'>;
}
