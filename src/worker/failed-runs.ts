/**
 * Workflow tasks that fail: Temporal tries such a task again for ever and tells nobody, and the SDK's core says it in its log
 * alone. (Its worker tells subclasses why it evicts a run, but not where it caches none.) There is one log in a process.
 */
import { EventEmitter } from 'node:events';
import type { LogEntry } from '@temporalio/worker';
import { EARLY_QUESTION } from '../domain/early-question.ts';
import { clip } from '../domain/limits.ts';

export interface FailedRun {
  readonly runId: string;
  /** `replay`: its code does not do what its history says. `code`: it threw. */
  readonly cause: 'replay' | 'code';
  readonly message: string;
}

/** What core says of a workflow task, and of a query that it cannot answer for the same reasons. */
const FAILS = new Set(['Failing workflow task', 'Failing legacy query request']);
/** By this every nondeterminism error is named. */
const NONDETERMINISM = '[TMPRL1100]';
const PROBLEM_CHARS_MAX = 500;

const told = new EventEmitter<{ failed: [FailedRun] }>();

/** For whoever has the log: tells those who listen where a line is of a run that fails. */
export function tellFailedRun(entry: LogEntry): void {
  const failed = failedRunIn(entry);
  if (failed !== undefined) told.emit('failed', failed);
}

/** @returns ends the listening */
export function onFailedRun(listener: (run: FailedRun) => void): () => void {
  told.on('failed', listener);
  return () => void told.off('failed', listener);
}

export function failedRunIn({ message, meta }: LogEntry): FailedRun | undefined {
  if (!FAILS.has(message) || typeof meta?.runId !== 'string') return undefined;
  const failure = String(meta.failure);
  // Nothing is wrong with it: it is read anew, and answers when it is asked again.
  if (failure.includes(EARLY_QUESTION)) return undefined;
  return {
    runId: meta.runId,
    cause: failure.includes(NONDETERMINISM) ? 'replay' : 'code',
    // A failure is printed as Rust prints it: its own words are the first message in it.
    message: clip(/\bmessage: "((?:[^"\\]|\\.)*)"/.exec(failure)?.[1] ?? failure, PROBLEM_CHARS_MAX),
  };
}
