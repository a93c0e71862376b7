/**
 * What people have said about the work of a task: it outlives the run, because the agent of the next one may not repeat what
 * somebody turned down, and need not have heard of it.
 */
import { feedbackWith } from './ladder.ts';
import { LIMITS, tail } from './limits.ts';
import type { Run, Told } from './task-record.ts';
import type { Gate } from './task-state.ts';

/** Why the agent cannot be told anything more, in words with what to do instead. */
export function problemWithAgent({ mendedByPeople, told = [], attempts }: Run): string | undefined {
  if (mendedByPeople === true)
    return 'the loop has no agent that could be told: reject what it shows, mend the branch of the execution by hand, and retry';
  if (told.length >= LIMITS.toldWaitingMax)
    return `${LIMITS.toldWaitingMax} instructions wait for the agent already: let it have those first`;
  return attempts.length >= LIMITS.attemptsToldMax
    ? `the agent has had ${attempts.length} attempts: cancel the task and start one that says it all`
    : undefined;
}

export function noteTold(run: Run | undefined, told: Told): void {
  if (run === undefined) throw new TypeError('an instruction without an agent was not refused');
  run.told = [...(run.told ?? []), told];
  note(run, toldWords(told));
}

/** Answers the gate as it was decided. */
export function notedGate(run: Run | undefined, gate: Gate): Gate {
  if (run !== undefined && gate.reason !== undefined) note(run, decisionWords(gate, gate.reason));
  return gate;
}

function note(run: Run, words: string): void {
  run.said = feedbackWith(run.said, words);
}

/** As the agent reads it. */
export const toldWords = ({ by, text }: Told): string => `${by} says: ${text}`;

function decisionWords({ status, by, permission }: Gate, reason: string): string {
  if (status !== 'rejected') return `${by} says: ${reason}`;
  const what = permission === undefined ? '' : ` (what you asked for: ${permission.title})`;
  return `rejected by ${by}${what}: ${reason}`;
}

const BEFORE = 'What people have said about this task in its runs before this one, oldest first:';

/**
 * What a run begins with, where people have said something in those before it.
 * @param said of a start by hand it may be anything
 */
export function heardBefore(said: unknown): Pick<Run, 'said' | 'next'> {
  if (typeof said !== 'string' || said === '') return { next: { reason: 'first' } };
  const kept = tail(said, LIMITS.feedbackCharsMax - BEFORE.length - 2);
  return { said: kept, next: { reason: 'first', feedback: `${BEFORE}\n\n${kept}` } };
}
