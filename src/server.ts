/**
 * The engine of a home: its lock, Temporal, worker, client and HTTP joined in one process. A failed start leaves nothing
 * half-made; a stop undoes everything in reverse order, Temporal last.
 */
import { logBytesIn } from './adapters/files/attempt-logs.ts';
import { createDisk } from './adapters/files/disk.ts';
import { createDocumentStore } from './adapters/files/document-store.ts';
import { envFileWarnings } from './adapters/files/env-file.ts';
import { thisProcess } from './adapters/programs/processes.ts';
import { createLiveTasks, type LiveTasks } from './client/live-tasks.ts';
import { finishRemovals } from './client/removing.ts';
import { createStartPermits, type StartPermits } from './client/start-permits.ts';
import { OWN_WORKER } from './client/tellers.ts';
import { createClient } from './client/temporal-client.ts';
import type { OwnEngine, ProcessCalls } from './client.ts';
import { type Config, placesIn } from './config.ts';
import { Archived } from './domain/documents.ts';
import type { EngineApi } from './domain/operations.ts';
import { createHttpApp } from './edge/http/app.ts';
import { bugText } from './edge/http/bug-text.ts';
import { keepBallast } from './engine/ballast.ts';
import { createCallLog } from './engine/call-log.ts';
import { createEndings, type Endings } from './engine/endings.ts';
import { type Endpoints, removeEndpoints, writeEndpoints } from './engine/endpoints.ts';
import { takeEngineLock } from './engine/engine-lock.ts';
import { createHealth, type EngineParts } from './engine/health.ts';
import { hostQueueOf, inHome, makeHome } from './engine/home.ts';
import { createHomeCallers } from './engine/home-callers.ts';
import { listen } from './engine/http-server.ts';
import { mcpOf } from './engine/mcp-endpoint.ts';
import { measureVitals } from './engine/measure-vitals.ts';
import { prepareNamespace } from './engine/namespace.ts';
import { noteOlderRuns } from './engine/older-runs.ts';
import { openTemporal } from './engine/open-temporal.ts';
import { publishersFor } from './engine/publishers.ts';
import { createRestarts } from './engine/restarts.ts';
import { type SupervisedWorker, superviseWorker } from './engine/supervised-worker.ts';
import { startSweeper } from './engine/sweeper.ts';
import { connectTo } from './engine/temporal-connection.ts';
import { VERSION } from './version.ts';
import { onFailedRun } from './worker/failed-runs.ts';
import { startInspection } from './worker/inspection.ts';
import { createRepairs, OwedCancellation, type Repairs } from './worker/repair.ts';
import type { RunningWorker, WorkerOptions } from './worker/running-worker.ts';

export type WorkerFactory = (options: WorkerOptions) => Promise<RunningWorker>;
/** What the worker and the operations of one engine share. */
type Joined = WorkerOptions & {
  /** Where the Temporal Web UI is, as endpoints have it. */
  readonly temporalUi: string | null;
  readonly live: LiveTasks;
  readonly failing: Repairs['failing'];
  /** Where the worker is in this process. */
  readonly permits?: StartPermits;
};
export type EngineFactory = (
  options: Joined & { readonly processCalls: ProcessCalls },
) => Promise<OwnEngine> | OwnEngine;

export interface StartOptions {
  readonly worker: WorkerFactory;
  /** The operations, on the worker's own connection. */
  readonly engine: EngineFactory;
  /** Lines for people and the log: what was adopted, what died and is started again. */
  readonly onNotice?: (line: string) => void;
  /** Stops the engine, also while it starts: Ctrl-C, SIGTERM, a parent that is gone. */
  readonly signal?: AbortSignal;
}

export interface RunningEngine {
  readonly endpoints: Endpoints;
  readonly engine: EngineApi;
  /** Idempotent; settles when everything has ended. @throws the first thing that did not end properly */
  stop(): Promise<void>;
  /** Settles after the stop, whoever asked for it, with the reason. */
  readonly ended: Promise<string>;
}

/**
 * @throws PawlError: another engine, a home or port that cannot be used, a Temporal that does not come up; the reason of
 * `signal` when it aborts before the engine runs
 */
export async function startEngine(config: Config, options: StartOptions): Promise<RunningEngine> {
  const { signal, onNotice = () => undefined } = options;
  const endings = createEndings(onNotice);
  const parts: EngineParts = {};
  const { promise: ended, resolve: tellEnd } = Promise.withResolvers<string>();
  const stop = async (reason: string): Promise<void> => {
    parts.stopping = true;
    await endings.run().finally(() => tellEnd(reason));
  };
  // What went wrong was told as a notice; who waits for `ended` has nothing to add.
  const stopUnasked = (reason: string) => void stop(reason).catch(() => undefined);
  try {
    signal?.throwIfAborted();
    const running = await start(config, { ...options, onNotice, endings, parts, onLost: stopUnasked });
    signal?.throwIfAborted();
    signal?.addEventListener('abort', () => stopUnasked(String(signal.reason)), { once: true });
    return { ...running, stop: () => stop('stopped'), ended };
  } catch (error) {
    await endings.run().catch(() => undefined);
    throw error;
  }
}

interface Start extends StartOptions {
  readonly onNotice: (line: string) => void;
  readonly endings: Endings;
  readonly parts: EngineParts;
  readonly onLost: (reason: string) => void;
}

async function start(given: Config, start: Start): Promise<Pick<RunningEngine, 'endpoints' | 'engine'>> {
  const { onNotice, endings, parts, signal } = start;
  const home = makeHome(given.home);
  const config = { ...given, home };
  const lock = await takeEngineLock(home);
  endings.add('the lock', () => lock.release());
  const callers = createHomeCallers(home, { engine: () => engine, url: () => http.url, onNotice });
  const { callerOf } = callers;
  const hostQueue = hostQueueOf(home);
  const own = thisProcess();
  await removeEndpoints(home, own);
  let engine: OwnEngine | undefined;
  const startedAt = new Date();
  // Before Temporal, because a port that is taken is found at once this way.
  const health = createHealth(parts);
  const onBug = (error: Error) => onNotice(bugText(error));
  const mcp = mcpOf({ engine: () => engine, callerOf, host: config.host, onBug }, endings);
  const publishers = publishersFor(config, () => live);
  const app = createHttpApp({
    health,
    host: config.host,
    origins: config.origins,
    onBug,
    api: { engine: () => engine, host: () => engine?.host, callerOf, version: VERSION },
    mcp,
    dashboard: callers.dashboard,
    workers: publishers && { door: () => engine && publishers, callerOf },
    pages: async () => (await import('./dashboard-files.ts')).dashboardFiles(),
  });
  const http = await listen(app, config.host, config.port);
  endings.add('HTTP', () => http.close());
  signal?.throwIfAborted();

  const { target, ui } = await openTemporal(config, lock, start);
  const { namespace } = target;
  const connection = await connectTo(target);
  endings.add('the connection', () => connection.close());
  parts.temporal = { address: target.address, connection };
  await prepareNamespace({ connection, namespace, embedded: config.temporal.kind === 'embedded' });
  signal?.throwIfAborted();

  const client = createClient(connection, namespace);
  const archive = createDocumentStore(placesIn(home).archive, Archived);
  const owed = createDocumentStore(placesIn(home).owedCancellations, OwedCancellation);
  const repairs = createRepairs({ client, owed, onNotice });
  endings.add('repairs', () => repairs.settled());
  const unlisten = onFailedRun(repairs.failed);
  endings.add('listening for runs that fail', async () => unlisten());
  parts.repairs = repairs;
  const permits = config.worker ? createStartPermits() : undefined;
  const failing = () => [...repairs.failing(), ...(publishers?.failing() ?? [])];
  const live = createLiveTasks({
    client,
    archive,
    tellers: publishers ?? OWN_WORKER,
    isFailing: (id) => failing().some((task) => task.id === id),
    logBytes: logBytesIn(placesIn(home).attemptLogs),
  });
  const joined: Joined = {
    repairs,
    failing,
    connection,
    namespace,
    temporalUi: ui,
    client,
    config,
    hostQueue,
    live,
    observerOf: () => ({
      ...live,
      changed(...told) {
        live.changed(...told);
        permits?.begun(told[0].id);
      },
    }),
    ...(permits === undefined ? {} : { permits }),
  };
  await noteOlderRuns(client, placesIn(home).olderRuns);
  parts.worker = config.worker ? await startWorker(joined, start) : 'elsewhere';
  if (config.worker) {
    await repairs.payOwed();
    const inspection = startInspection({ client, note: placesIn(home).inspected, onNotice });
    endings.add('the inspection', () => inspection.stop());
  }
  const calls = createCallLog({ path: placesIn(home).callErrors, onNotice });
  const restarts = createRestarts(() => parts.worker);
  const { clients } = http;
  const warnings = () => envFileWarnings(placesIn(home).envFile);
  for (const warning of warnings()) onNotice(warning);
  const measured = {
    client,
    index: live.index,
    health,
    parts,
    calls,
    restarts,
    clients,
    warnings,
    startedAt,
  };
  const operations = await start.engine({
    ...joined,
    processCalls: {
      vitals: () => measureVitals(measured),
      restart: (input, context) => restarts.request(input, context?.keyed),
      ...callers.calls,
    },
  });
  engine = { ...operations, ...calls.watch(operations) };
  const sweeper = startSweeper(placesIn(home), onNotice, (until) => finishRemovals(client, archive, until));
  endings.add('the sweeper', () => sweeper.stop());
  const ballast = keepBallast(placesIn(home).ballast, config.ballastBytes, createDisk(home), onNotice);
  endings.add('the ballast file', () => ballast.stop());
  const endpoints = { api: http.url, temporal: target.address, ui, ...own, namespace, worker: config.worker };
  // The first to end: nobody is sent to an engine that stops, and no request comes in without a worker.
  endings.add('HTTP', async () => {
    await removeEndpoints(home, own);
    await http.close();
  });
  inHome(home, () => writeEndpoints(home, endpoints));
  return { endpoints, engine };
}

async function startWorker(
  joined: WorkerOptions,
  { worker: create, onNotice, endings }: Start,
): Promise<SupervisedWorker> {
  const worker = await superviseWorker(() => create(joined), onNotice);
  endings.add('the worker', () => worker.stop());
  return worker;
}
