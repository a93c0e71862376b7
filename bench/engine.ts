/**
 * The engine that is measured: the product's own, with its embedded Temporal, in this process, so that the bare workflow
 * beside it shares its server and its connection.
 */
import type { Client } from '@temporalio/client';
import { DefaultLogger, type NativeConnection, Runtime, type RuntimeOptions } from '@temporalio/worker';
import { createEngineApi } from '../src/client.ts';
import { readConfig } from '../src/config.ts';
import { clientOf } from '../src/domain/calls.ts';
import type { EngineClient } from '../src/domain/operations.ts';
import { localCaller } from '../src/domain/scopes.ts';
import { freePort } from '../src/engine/tcp-ports.ts';
import { localDeps } from '../src/local.ts';
import { startEngine } from '../src/server.ts';
import { userName } from '../src/user-name.ts';
import type { WorkerOptions } from '../src/worker/running-worker.ts';
import { createWorker } from '../src/worker.ts';
import { environmentIn } from './homes.ts';

export interface Bench {
  readonly engine: EngineClient;
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Calls to Temporal so far, by name; the workers' waiting polls are not among them. */
  calls(): Promise<ReadonlyMap<string, number>>;
}

let isQuiet = false;
/** The SDK of this process tells errors alone. Once: its options are those of the first call. */
export function quietSdk(options: RuntimeOptions = {}): void {
  if (isQuiet) return;
  isQuiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [], ...options });
}

/** Starts the engine in `home`, stops it when `work` has settled. */
export async function withEngine<T>(home: string, work: (bench: Bench) => Promise<T>): Promise<T> {
  const metrics = `127.0.0.1:${await freePort([])}`;
  quietSdk({ telemetryOptions: { metrics: { prometheus: { bindAddress: metrics } } } });
  const config = readConfig(environmentIn(home));
  let joined: WorkerOptions | undefined;
  const running = await startEngine(config, {
    worker: createWorker,
    engine: (options) => {
      joined = options;
      return createEngineApi({ ...localDeps(config), ...options, eager: true });
    },
  });
  try {
    if (joined === undefined) throw new TypeError('the engine started without its operations');
    const { client, connection, namespace } = joined;
    const engine = clientOf(localCaller(userName()), running.engine);
    const calls = () => readCalls(`http://${metrics}/metrics`);
    return await work({ engine, client, connection, namespace, calls });
  } finally {
    await running.stop();
  }
}

/** What the SDK's core, through which the engine's every call goes, counts of itself. */
async function readCalls(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(url)).text();
  const calls = new Map<string, number>();
  for (const [, labels = '', count] of text.matchAll(/^temporal_request\{(.*)\} (\d+)$/gm)) {
    const operation = /operation="([^"]*)"/.exec(labels)?.[1] ?? 'unnamed';
    calls.set(operation, (calls.get(operation) ?? 0) + Number(count));
  }
  return calls;
}
