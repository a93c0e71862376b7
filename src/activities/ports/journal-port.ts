/** What the activities note on disk before they act, for the worker that comes back after a kill. */
import type { Checkpoint, Usage } from '../../domain/task-state.ts';
import type { AgentReport } from './agent-port.ts';

/**
 * What runs on this host, on disk before it runs: a worker that comes back after a kill ends what is left of it and
 * fails the activity at once, with the last checkpoint.
 */
export interface Journal {
  /** Opens the entry of one running activity; fsynced. */
  open(entry: JournalHeader): Promise<JournalEntry>;
  /** Entries whose worker is gone, of one workflow or all, with all that was noted in them. */
  leftOvers(workflowId?: string): Promise<readonly LeftOver[]>;
  discard(id: string): Promise<void>;
}

export interface JournalHeader {
  /** Unique and file-name safe: one running activity. Begins with its workflow's id. */
  readonly id: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
  readonly activityType: string;
  /** The mark that its processes carry in `PAWL_PROCESS`. */
  readonly mark: string;
  /** The activity's input as JSON, for whoever has to finish or settle it. */
  readonly input?: unknown;
  /** Names exactly this try of the activity to the server, in base64: a later try has the same `activityId`. */
  readonly taskToken?: string;
  /** The worker that wrote it, so that entries of a living one are left alone. */
  readonly owner: JournalOwner;
}

export interface JournalOwner {
  readonly pid: number;
  readonly startedAt: string;
  /** Its id among the workers of the home, by which also one of another container is known to run. */
  readonly worker?: string;
}

export interface JournalEntry {
  /** Appends facts; on disk when the promise settles. Later values of a key win. */
  note(facts: JournalFacts): Promise<void>;
  /** Removes the entry: the activity ended. */
  close(): Promise<void>;
}

export interface JournalFacts {
  readonly checkpoint?: Checkpoint;
  /** Of the attempt so far. */
  readonly usage?: Usage;
  /** The agent ended and said this; what is left to do is to commit. */
  readonly report?: AgentReport;
  /** Whether the attempt waits for its turn, and has done nothing yet. */
  readonly waits?: boolean;
}

export interface LeftOver extends JournalHeader, JournalFacts {
  /** A step of a running worker has the same mark: what carries it is not known to be left over. */
  readonly markInUse?: true;
}
