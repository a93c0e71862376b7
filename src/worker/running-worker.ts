/** What a worker is given and what it is while it runs: the words between the worker and whoever runs it. */
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Config } from '../config.ts';
import type { TaskRow } from '../domain/rows.ts';
import type { Repairs } from './repair.ts';

export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly client: Client;
  readonly config: Config;
  /** The queue of this host: its workspaces are here and nowhere else. */
  readonly hostQueue: string;
  /** Given where other workers may run in the home: what one leaves that dies is settled at once, and told. */
  readonly onPeerLost?: (notice: string) => void;
  /** Told of every change of a task that this worker works on, before its caller is answered. */
  readonly onTaskChanged?: (row: TaskRow) => void;
  /** Told of each workflow task that fails. */
  readonly repairs: Repairs;
}

export interface RunningWorker {
  /** Settles when the worker has shut down; rejects when it cannot go on. */
  run(): Promise<void>;
  shutdown(): void;
}
