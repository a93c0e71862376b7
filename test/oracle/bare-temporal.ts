/**
 * A Temporal on the database of a home, without an engine, and workers on it with whichever workflows and as large a cache as a
 * test wants. An engine may open the home afterwards.
 */
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { findTemporal } from '../../scripts/setup/programs.mjs';
import { createTaskActivities } from '../../src/activities/task-activities.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { placesIn } from '../../src/config.ts';
import { takeEngineLock } from '../../src/engine/engine-lock.ts';
import { makeHome } from '../../src/engine/home.ts';
import { prepareNamespace } from '../../src/engine/namespace.ts';
import { startTemporal } from '../../src/engine/temporal-process.ts';
import { taskWorkerOptions } from '../../src/worker/task-worker.ts';
import { quietSdk } from './quiet-sdk.ts';
import { replayOptions } from './replay.ts';

const NAMESPACE = 'default';

export interface BareTemporal {
  readonly client: Client;
  /** Runs `act` beside a worker that keeps so many workflows. @param bundle today's workflows where none is given */
  withWorker<T>(
    options: {
      readonly cachedMax: number;
      readonly bundle?: { readonly codePath: string };
    },
    act: () => Promise<T>,
  ): Promise<T>;
  stop(): Promise<void>;
}

export async function startBareTemporal(given: string): Promise<BareTemporal> {
  quietSdk();
  const program = findTemporal()?.path;
  if (program === undefined) throw new Error('no temporal program: run `npm test`, which provides one');
  const home = makeHome(given);
  const lock = await takeEngineLock(home);
  const places = placesIn(home);
  const nothing = () => undefined;
  const server = await startTemporal({ program, home, places, lock, onNotice: nothing, onLost: nothing });
  const connection = await NativeConnection.connect({ address: server.address });
  await prepareNamespace({ connection, namespace: NAMESPACE, embedded: true });
  const client = createClient(connection, NAMESPACE);
  const statusOf = async (id: string) =>
    (await client.workflow.getHandle(id).describe()).status.name.toLowerCase();
  return {
    client,
    async withWorker({ cachedMax, bundle }, act) {
      const worker = await Worker.create({
        ...(await replayOptions(bundle)),
        ...taskWorkerOptions(cachedMax),
        connection,
        namespace: NAMESPACE,
        taskQueue: TASK_QUEUE,
        activities: createTaskActivities({ statusOf }),
      });
      return worker.runUntil(act);
    },
    async stop() {
      await connection.close();
      await server.stop();
      lock.release();
    },
  };
}
