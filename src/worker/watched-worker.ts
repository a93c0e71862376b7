/** A worker that tells of each workflow task it could not do: Temporal tries such a task again for ever, and says nothing. */
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { EvictionReason } from '@temporalio/worker/lib/replay.js';

export interface FailedRun {
  readonly runId: string;
  /** `replay`: its code does not do what its history says. `code`: it threw. */
  readonly cause: 'replay' | 'code';
  readonly message: string;
}

/** What the SDK tells the subclasses of its worker. */
interface Eviction {
  readonly runId: string;
  readonly evictJob: { readonly reason?: EvictionReason | null; readonly message?: string | null };
}

const CAUSES: ReadonlyMap<EvictionReason | null | undefined, FailedRun['cause']> = new Map([
  [EvictionReason.NONDETERMINISM, 'replay'],
  [EvictionReason.LANG_FAIL, 'code'],
]);

class WatchedWorker extends Worker {
  watch(onFailed: (run: FailedRun) => void): void {
    this.evictionsEmitter.on('eviction', ({ runId, evictJob }: Eviction) => {
      const cause = CAUSES.get(evictJob.reason);
      if (cause !== undefined) onFailed({ runId, cause, message: evictJob.message ?? 'no reason was given' });
    });
  }
}

/** @param onFailed hears of queries too that could not be answered for the same reasons; must not throw */
export async function createWatchedWorker(
  options: WorkerOptions,
  onFailed: (run: FailedRun) => void,
): Promise<Worker> {
  const worker = await WatchedWorker.create(options);
  // `create` is inherited and makes what it is called on, which its type does not say.
  if (!(worker instanceof WatchedWorker))
    throw new TypeError('the SDK made another worker than it was asked for');
  worker.watch(onFailed);
  return worker;
}
