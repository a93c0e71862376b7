/** The options of a worker and its handle: what the worker and its supervisor share. */
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { TaskObserver } from '../client/live-tasks.ts';
import type { Config } from '../config.ts';
import type { Repairs } from './repair.ts';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly client: Client;
  readonly config: Config;
  /** The queue of this host: its workspaces are here and nowhere else. */
  readonly hostQueue: string;
  /** Present where other workers may run in the home: the steps of one that dies are settled at once, and this is called. */
  readonly onPeerLost?: (notice: string) => void;
  /**
   * Who is told of all that happens to tasks that this worker works on.
   * @param worker its id among those of the home
   * @param left aborts when it works no more
   */
  readonly observerOf: (worker: string, left: AbortSignal) => TaskObserver;
  /** Told of each task that moves. */
  readonly repairs: Pick<Repairs, 'moved'>;
}

export interface RunningWorker {
  /** Settles when the worker has shut down; rejects when it cannot go on. */
  run(): Promise<void>;
  shutdown(): void;
}
