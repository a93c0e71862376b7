/** The worker inside the engine: made anew with exponential backoff when it dies, shut down and awaited at the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningWorker } from '../worker/running-worker.ts';
import { backOffMs } from './backoff.ts';

/** A worker that ran this long before it died counts as healthy: the backoff starts anew. */
const HEALTHY_MS = 10_000;

export type WorkerState = 'running' | 'restarting' | 'stopped';

export interface SupervisedWorker {
  state(): WorkerState;
  /** Ends this worker and settles once the next one runs. @throws Error where the engine stops meanwhile */
  restart(): Promise<void>;
  /** Asks the worker to end and waits until it has. Idempotent. */
  stop(): Promise<void>;
}

/** @throws whatever `create` throws the first time: a worker that cannot even start is not restarted */
export async function superviseWorker(
  create: () => Promise<RunningWorker>,
  onNotice: (line: string) => void,
): Promise<SupervisedWorker> {
  const stopping = new AbortController();
  let state: WorkerState = 'running';
  let current: RunningWorker | undefined = await create();
  let back = Promise.withResolvers<void>();

  /** @returns failures in a row */
  const runOnce = async (failures: number): Promise<number> => {
    try {
      current ??= await create();
      state = 'running';
      back.resolve();
      const startedMs = Date.now();
      const run = current.run().catch((error: unknown) => onNotice(`the worker died: ${wordsOf(error)}`));
      // One that was made while the stop went by has to run to be shut down: it holds the connection.
      if (stopping.signal.aborted) current.shutdown();
      await run;
      return Date.now() - startedMs > HEALTHY_MS ? 0 : failures + 1;
    } catch (error) {
      onNotice(`the worker cannot start: ${wordsOf(error)}`);
      return failures + 1;
    } finally {
      current = undefined;
    }
  };
  const supervision = (async () => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      failures = await runOnce(failures);
      if (stopping.signal.aborted) break;
      state = 'restarting';
      await sleep(backOffMs(failures), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    state = 'stopped';
    back.reject(new Error('the engine stops'));
  })();
  return {
    state: () => state,
    async restart() {
      back = Promise.withResolvers<void>();
      const next = back.promise;
      current?.shutdown();
      await next;
    },
    async stop() {
      if (!stopping.signal.aborted) {
        stopping.abort();
        current?.shutdown();
      }
      await supervision;
    },
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
