/**
 * A worker in a process of its own, beside an engine that has none (`PAWL_WORKER=off`): so that a new version of the
 * steps, or a worker that eats all memory, takes neither the engine nor its Temporal along.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '../adapters/file-lock.ts';
import { createClient } from '../client/temporal-client.ts';
import { type Config, placesIn, readConfig } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { connectTo } from '../engine/connect.ts';
import { type Endpoints, liveEndpoints } from '../engine/endpoints.ts';
import { hostQueueOf, makeHome } from '../engine/home.ts';
import { logSdkTo } from '../engine/sdk-log.ts';
import { superviseWorker } from '../engine/supervised-worker.ts';
import { targetOf } from '../engine/target.ts';
import type { RunningWorker, WorkerOptions } from '../worker.ts';

const LOOK_MS = 1_000;

/**
 * Works for the engine of this home until SIGTERM or Ctrl-C, also while that engine is started again.
 * @returns the exit code; what is wrong was said on stderr
 */
export async function runWorkerAlone(
  create: (options: WorkerOptions) => Promise<RunningWorker>,
): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stop.abort());
  try {
    const given = readConfig();
    await work({ ...given, home: makeHome(given.home) }, create, stop.signal);
    return 0;
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    say(`pawl: ${error.message}`);
    return 1;
  }
}

/** @throws PawlError `unavailable` without an engine, `conflict` where there is a worker already */
async function work(
  config: Config,
  create: (options: WorkerOptions) => Promise<RunningWorker>,
  stop: AbortSignal,
): Promise<void> {
  const endpoints = await engineOf(config);
  const places = placesIn(config.home);
  const lock = tryLock(places.workerLock);
  if (lock === undefined) throw occupied(config);
  const endSdk = logSdkTo(places.workerLog);
  try {
    const target = targetOf(config.temporal, endpoints.temporal);
    const { namespace } = endpoints;
    const connection = await connectTo(target);
    try {
      const client = createClient(connection, namespace);
      const joined = { connection, namespace, client, config, hostQueue: hostQueueOf(config.home) };
      const worker = await superviseWorker(() => create(joined), say);
      say(`the worker of ${config.home} runs, with Temporal at ${target.address}`);
      const moved = await untilMoved(config.home, endpoints, stop);
      await worker.stop();
      if (moved !== undefined) throw movedAway(moved);
    } finally {
      await connection.close();
    }
  } finally {
    await endSdk();
    lock.release();
  }
}

/** An engine whose worker is inside would share neither its limits on agents nor its queue with this one. */
async function engineOf({ home }: Config): Promise<Endpoints> {
  const endpoints = await liveEndpoints(home);
  if (endpoints === undefined) {
    throw new PawlError(
      'unavailable',
      `no engine runs in ${home}: start one with \`PAWL_WORKER=off pawl up -d\``,
    );
  }
  if (endpoints.worker) {
    throw new PawlError(
      'conflict',
      `the engine in ${home} (pid ${endpoints.pid}) has a worker of its own: start it with PAWL_WORKER=off`,
    );
  }
  return endpoints;
}

/** The Temporal of an engine that was started again may be elsewhere; an engine that is away for a while may come back. */
async function untilMoved(home: string, from: Endpoints, stop: AbortSignal): Promise<Endpoints | undefined> {
  while (!stop.aborted) {
    const now = await liveEndpoints(home);
    if (now !== undefined && (now.temporal !== from.temporal || now.worker)) return now;
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}

const occupied = ({ home }: Config): PawlError =>
  new PawlError('conflict', `another worker runs in ${home}: use it, or end it first`);

const movedAway = ({ temporal, worker }: Endpoints): PawlError =>
  worker
    ? new PawlError('conflict', 'the engine has a worker of its own now')
    : new PawlError('unavailable', `the engine's Temporal is at ${temporal} now: start the worker again`);

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
