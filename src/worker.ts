/**
 * The worker: one for workflow tasks, one for the steps of this host. It settles what a killed predecessor left before
 * it polls. Runs inside the engine, or alone (`node src/worker.ts`) beside one that has none, then also more than once.
 */
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from '@temporalio/worker';
import { createWorkers, type Membership, type Workers } from './adapters/files/workers.ts';
import { placesIn } from './config.ts';
import type { RunningWorker, WorkerOptions } from './worker/running-worker.ts';
import { createTaskWorker } from './worker/task-worker.ts';

/** Megabytes for new objects, per thread: workflows make much garbage, which V8 would otherwise let grow to 48 MB. */
const SMALL_NURSERY = '--max-semi-space-size=4';

export async function createWorker(options: WorkerOptions): Promise<RunningWorker> {
  setFlagsFromString(SMALL_NURSERY);
  const workers = createWorkers(placesIn(options.config.home));
  const joined = await workers.join();
  const left = new AbortController();
  const membership = {
    ...joined,
    leave() {
      left.abort();
      joined.leave();
    },
  };
  try {
    return await createMember(options, workers, membership, left.signal);
  } catch (error) {
    membership.leave();
    throw error;
  }
}

async function createMember(
  options: WorkerOptions,
  workers: Workers,
  { id, leave }: Membership,
  left: AbortSignal,
): Promise<RunningWorker> {
  const observer = options.observerOf(id, left);
  const making = createTaskWorker(options, observer);
  try {
    await untilItsThreadRuns(making);
    const { stepsOf } = await import('./worker/step-worker.ts');
    const steps = stepsOf(options, { workers, id, observer });
    await steps.settleLost();
    const both = [await making, await steps.createWorker()];
    return {
      run: async () => {
        const endBeside = steps.beside();
        const runs = both.map((worker) => worker.run());
        // One that cannot go on takes the other along, so that the supervisor starts both anew.
        for (const run of runs) run.catch(() => shutdownAll(both));
        // Not before both have ended: whoever has left runs no step any more.
        await Promise.allSettled(runs);
        await endBeside();
        leave();
        await Promise.all(runs);
      },
      shutdown: () => shutdownAll(both),
    };
  } catch (error) {
    await making.then(endUnused, () => undefined);
    throw error;
  }
}

/**
 * The thread of workflows loads for as long as everything that steps need: side by side, each on a core of its own. Node
 * loads modules without a turn of the event loop, and the SDK needs some before there is that thread.
 */
async function untilItsThreadRuns(making: Promise<Worker>): Promise<void> {
  const over = new AbortController();
  const thread = once(process, 'worker', { signal: over.signal });
  await Promise.race([thread, making]).finally(() => over.abort());
}

/** The SDK ends a worker by way of its run alone, and one that has not ended holds the connection. */
async function endUnused(worker: Worker): Promise<void> {
  const run = worker.run();
  worker.shutdown();
  await run;
}

function shutdownAll(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

/** Whether this file is what Node was told to run. */
function isProgram(): boolean {
  const program = process.argv[1] ?? '';
  return existsSync(program) && realpathSync(program) === import.meta.filename;
}

if (isProgram()) {
  const { runWorkerAlone } = await import('./worker/alone.ts');
  process.exitCode = await runWorkerAlone(createWorker);
}
