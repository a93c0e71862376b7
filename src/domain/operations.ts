/**
 * The public surface of Pawl, once. CLI commands, the typed client and (by their own loops) HTTP routes and MCP tools
 * are made from this table; an operation without a row here does not exist.
 */
import type { z } from 'zod';
import { controlOperations } from './control-operations.ts';
import { dashboardOperations } from './dashboard-operations.ts';
import { engineOperations } from './engine-operations.ts';
import type { Numbered, TaskNews } from './events.ts';
import { executionOperations } from './execution-operations.ts';
import type { ExecutionState } from './executions/execution-state.ts';
import type { CallContext } from './idempotency-key.ts';
import type { ExecutionId, TaskId } from './ids.ts';
import { loopOperations } from './loop-operations.ts';
import { taskOperations } from './task-operations.ts';
import { tokenOperations } from './token-operations.ts';

export const operations = {
  ...taskOperations,
  ...engineOperations,
  ...controlOperations,
  ...loopOperations,
  ...executionOperations,
  ...tokenOperations,
  ...dashboardOperations,
} as const;

export type OperationName = keyof typeof operations;

/** What a caller writes: defaults may be left out. */
export type CallOf<N extends OperationName> = z.input<(typeof operations)[N]['input']>;

export type InputOf<N extends OperationName> = z.output<(typeof operations)[N]['input']>;

export type OutputOf<N extends OperationName> = z.output<(typeof operations)[N]['output']>;

/** The operations as an edge makes them: what it was given goes to the engine's door, which parses it (`callsOf`). */
export type Calls = {
  [N in OperationName]: (input: CallOf<N>, context?: CallContext) => Promise<OutputOf<N>>;
};

/** The operations behind the door: the input was parsed. Without a caller it is the local user who asks. */
export type Handlers = {
  [N in OperationName]: (input: InputOf<N>, context?: CallContext) => Promise<OutputOf<N>>;
};

export type OnAway = (isAway: boolean) => void;

/** What an engine tells by itself. */
interface Told {
  /**
   * The task's state now and after each change, until it is closed or `signal` aborts, and how far its agent has printed while
   * somebody listens. Outlives a Temporal that is away for a while, and an engine in another process.
   * @param onAway told whether that engine is away, more often than it changes
   */
  news(id: TaskId, signal: AbortSignal, onAway?: OnAway): AsyncIterable<TaskNews>;
  /** The same of an execution and of the tasks of its skills, until it is over: states alone. */
  executionStates(id: ExecutionId, signal: AbortSignal, onAway?: OnAway): AsyncIterable<ExecutionState>;
  /**
   * What changes in lists, until `signal` aborts: a snapshot, or with the number of the last event that the reader has what came
   * after it (a snapshot where that is not kept any more); then each event as it comes.
   */
  events(after: string | undefined, signal: AbortSignal): AsyncIterable<Numbered>;
}

/** What an engine can be asked, behind its door. `client.ts` is the Temporal one; tests pass a plain object. */
export interface EngineApi extends Handlers, Told {}

/** An engine as an edge asks it, in this process or over HTTP. */
export interface EngineClient extends Calls, Told {}
