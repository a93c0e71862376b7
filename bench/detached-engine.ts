/** An engine as a user has it: in the background, in a process of its own, reached as every client reaches it. */
import { execa } from 'execa';
import { connect, type Pawl } from '../src/client.ts';
import { type Endpoints, liveEndpoints } from '../src/engine/endpoints.ts';
import { LAUNCHER } from './launcher.ts';

export interface DetachedEngine {
  readonly env: NodeJS.ProcessEnv;
  readonly endpoints: Endpoints;
  readonly api: Pawl;
}

/**
 * Starts the engine of the home that `env` names, stops it when `work` has settled.
 * @param env what the shell of its user has: `environmentIn`, and more
 */
export async function withDetachedEngine<T>(
  env: NodeJS.ProcessEnv,
  work: (engine: DetachedEngine) => Promise<T>,
): Promise<T> {
  await runPawl(env, 'up', '-d');
  try {
    const endpoints = await endpointsOf(env);
    const api = await connect(env);
    return await work({ env, endpoints, api }).finally(() => api.close());
  } finally {
    await runPawl(env, 'down');
  }
}

/** A command as its user types it. */
export const runPawl = (env: NodeJS.ProcessEnv, ...args: readonly string[]) =>
  execa(process.execPath, [LAUNCHER, ...args], { env, extendEnv: false });

/** Of the engine that runs now. */
export async function endpointsOf({ PAWL_HOME: home = '' }: NodeJS.ProcessEnv): Promise<Endpoints> {
  const endpoints = await liveEndpoints(home);
  if (endpoints === undefined) throw new Error(`expected an engine in ${home}, got none`);
  return endpoints;
}
