/**
 * A worker in a process of its own, beside an engine that has none (`PAWL_WORKER=off`): so that a new version of the
 * steps, or a worker that eats all memory, takes neither the engine nor its Temporal along. Several may run in one home;
 * the limits on agents hold for each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDocumentStore } from '../adapters/files/document-store.ts';
import { createClient } from '../client/temporal-client.ts';
import { type Config, placesIn, readConfig } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { createHttpApp } from '../edge/http/app.ts';
import { bugText } from '../edge/http/bug-text.ts';
import type { Far } from '../edge/http/exchange.ts';
import { createEndings } from '../engine/endings.ts';
import { type Endpoints, liveEndpoints } from '../engine/endpoints.ts';
import { createHealth, type EngineParts } from '../engine/health.ts';
import { hostQueueOf, makeHome, tokenOf } from '../engine/home.ts';
import { listen } from '../engine/http-server.ts';
import { logSdkTo } from '../engine/sdk-log.ts';
import { superviseWorker } from '../engine/supervised-worker.ts';
import { externalTarget, type TemporalTarget, targetOf } from '../engine/target.ts';
import { connectTo } from '../engine/temporal-connection.ts';
import { onFailedRun } from './failed-runs.ts';
import { startInspection } from './inspection.ts';
import { publish } from './publisher.ts';
import { createRepairs, OwedCancellation } from './repair.ts';
import type { RunningWorker, WorkerOptions } from './running-worker.ts';

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

/** @throws PawlError `unavailable` where no engine tells where Temporal is, `conflict` where it has a worker itself */
async function work(
  config: Config,
  create: (options: WorkerOptions) => Promise<RunningWorker>,
  stop: AbortSignal,
): Promise<void> {
  const endpoints = await engineOf(config);
  const target = endpoints === undefined ? ownTarget(config) : targetOf(config.temporal, endpoints.temporal);
  const namespace = endpoints?.namespace ?? target.namespace;
  const endings = createEndings(say);
  try {
    const endSdk = logSdkTo(placesIn(config.home).workerLog);
    endings.add("the SDK's log", endSdk);
    const parts: EngineParts = {};
    if (config.workerPort !== undefined) endings.add('HTTP', await answerHealth(parts, config.workerPort));
    const connection = await connectTo(target);
    endings.add('the connection', () => connection.close());
    parts.temporal = { address: target.address, connection };
    const client = createClient(connection, namespace);
    const hostQueue = hostQueueOf(config.home);
    const owed = createDocumentStore(placesIn(config.home).owedCancellations, OwedCancellation);
    const repairs = createRepairs({ client, owed, onNotice: say });
    parts.repairs = repairs;
    endings.add('repairs', () => repairs.settled());
    const unlisten = onFailedRun(repairs.failed);
    endings.add('listening for runs that fail', async () => unlisten());
    const { failing } = repairs;
    const find = () => toldEngine(config.home);
    const joined = {
      ...{ connection, namespace, client, config, hostQueue, repairs, onPeerLost: say },
      observerOf: (id: string, signal: AbortSignal) =>
        publish({ worker: id, find, failing, onNotice: say, signal }),
    };
    const worker = await superviseWorker(() => create(joined), say);
    endings.add('the worker', () => worker.stop());
    parts.worker = worker;
    await repairs.payOwed();
    const inspection = startInspection({ client, note: placesIn(config.home).inspected, onNotice: say });
    endings.add('the inspection', () => inspection.stop());
    say(`the worker of ${config.home} runs, with Temporal at ${target.address}`);
    const moved = await untilMoved(config.home, endpoints, stop);
    parts.stopping = true;
    if (moved !== undefined) throw movedAway(moved);
  } finally {
    await endings.run();
  }
}

/**
 * The engine whose worker this is. With `TEMPORAL_ADDRESS` it need not be seen from here: it may run in a container of
 * its own. One whose worker is inside would share neither its limits on agents nor its health with this one.
 */
async function engineOf({ home, temporal }: Config): Promise<Endpoints | undefined> {
  const endpoints = await liveEndpoints(home);
  if (endpoints === undefined && temporal.kind === 'embedded') {
    throw new PawlError(
      'unavailable',
      `no engine runs in ${home}: start one with \`PAWL_WORKER=off pawl up -d\``,
    );
  }
  if (endpoints?.worker === true) {
    throw new PawlError(
      'conflict',
      `the engine in ${home} (pid ${endpoints.pid}) has a worker of its own: start it with PAWL_WORKER=off`,
    );
  }
  return endpoints;
}

/** The engine that is told what happens; one that is not seen from here asks Temporal. */
async function toldEngine(home: string): Promise<Far | undefined> {
  const endpoints = await liveEndpoints(home);
  return endpoints === undefined ? undefined : { api: endpoints.api, token: tokenOf(home) };
}

function ownTarget({ temporal }: Config): TemporalTarget {
  if (temporal.kind === 'embedded') throw new Error('an engine has told where its Temporal is');
  return externalTarget(temporal);
}

/** @returns what ends it */
async function answerHealth(parts: EngineParts, port: number): Promise<() => Promise<void>> {
  const host = '127.0.0.1';
  const onBug = (error: Error) => say(bugText(error));
  const http = await listen(createHttpApp({ health: createHealth(parts), host, onBug }), host, port);
  return () => http.close();
}

/** The Temporal of an engine that was started again may be elsewhere; an engine that is away for a while may come back. */
async function untilMoved(
  home: string,
  from: Endpoints | undefined,
  stop: AbortSignal,
): Promise<Endpoints | undefined> {
  while (!stop.aborted) {
    const now = await liveEndpoints(home);
    if (now !== undefined && (now.worker || now.temporal !== (from ?? now).temporal)) return now;
    await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}

const movedAway = ({ temporal, worker }: Endpoints): PawlError =>
  worker
    ? new PawlError('conflict', 'the engine has a worker of its own now')
    : new PawlError('unavailable', `the engine's Temporal is at ${temporal} now: start the worker again`);

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
