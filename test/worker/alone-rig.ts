/**
 * An engine without a worker, workers in processes of their own beside it, and a Temporal that is neither's: whatever is killed
 * or stopped, Temporal itself says how the tasks are.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { queryTask } from '../../src/client/querying.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { attach, type EngineRig, startRig } from '../e2e/rig.ts';
import { until } from '../engine/engine-rig.ts';
import { type CountedTemporal, startCountedTemporal } from './counted-temporal.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'worker.ts');

export interface AloneRig {
  readonly temporal: CountedTemporal;
  /** The engine that runs by now. */
  engine(): EngineRig;
  /** Those that run. */
  workers(): readonly ChildProcess[];
  startWorker(): Promise<ChildProcess>;
  endWorker(worker: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void>;
  /** Kills the engine and starts the next one. */
  killEngine(): Promise<void>;
  signalEngine(signal: NodeJS.Signals): void;
  /** How a task is, by its workflow. */
  asked(id: string): Promise<TaskState>;
  /** Tells a task something past the engine. */
  tell(id: string, note: string): Promise<void>;
  follow(id: string): Follower;
  close(): Promise<void>;
}

export interface Follower {
  readonly seen: readonly TaskState[];
  outputs(): number;
  notes(): readonly string[] | undefined;
  leave(): Promise<void>;
}

/** With one worker. */
export async function startAloneRig(): Promise<AloneRig> {
  const temporal = await startCountedTemporal();
  let engine = await startRig({ PAWL_WORKER: 'off', TEMPORAL_ADDRESS: temporal.address });
  let workers: readonly ChildProcess[] = [];
  const rig: AloneRig = {
    temporal,
    engine: () => engine,
    workers: () => workers,
    async startWorker() {
      const log = openSync(join(engine.home, 'worker.out'), 'a');
      const env = { ...process.env, PAWL_HOME: engine.home, TEMPORAL_ADDRESS: temporal.address };
      const worker = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', log, log] });
      closeSync(log);
      workers = [...workers, worker];
      return worker;
    },
    async endWorker(worker, signal) {
      workers = workers.filter((one) => one !== worker);
      if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
      const ended = once(worker, 'exit');
      worker.kill(signal);
      await ended;
    },
    async killEngine() {
      const { endpoints } = engine;
      sendSignal(endpoints.pid, 'SIGKILL');
      await until(() => !isRunning(endpoints));
      await engine.leave();
      await engine.pawl(['up', '-d']);
      engine = await attach(engine);
    },
    signalEngine: (signal) => void sendSignal(engine.endpoints.pid, signal),
    asked: (id) => queryTask<TaskState, []>(engine.client, engine.client.workflow.getHandle(id), 'state'),
    tell: (id, note) => engine.client.workflow.getHandle(id).signal('update', { note }),
    follow: (id) => follow(engine, id),
    async close() {
      try {
        // Before the home goes, in which a worker would make its folders anew.
        for (const worker of workers) {
          worker.kill('SIGCONT');
          await rig.endWorker(worker, 'SIGTERM');
        }
        rig.signalEngine('SIGCONT');
        await engine.close();
      } finally {
        await temporal.stop();
      }
    },
  };
  await rig.startWorker();
  return rig;
}

/** From here on. */
function follow({ api }: EngineRig, id: string): Follower {
  const leaving = new AbortController();
  const seen: TaskState[] = [];
  let outputs = 0;
  const ended = (async () => {
    for await (const news of api.news(TaskId.parse(id), leaving.signal)) {
      if (news.type === 'state') seen.push(news.state);
      else outputs += 1;
    }
  })();
  return {
    seen,
    outputs: () => outputs,
    notes: () => seen.at(-1)?.notes,
    async leave() {
      leaving.abort();
      await ended;
    },
  };
}
