/** What every step of an agent-run task gets, and the few moves that several of them make. */
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import { escalationGate } from '../domain/gates.ts';
import { keptNote } from '../domain/kept-note.ts';
import type { Rung } from '../domain/ladder.ts';
import { addNote, move } from '../domain/lifecycle.ts';
import type { CheckSetup, CleanedUp, Prepared, TaskRef } from '../domain/steps.ts';
import { HEARD_OUT_SINCE, openGateOf, type Run, type TaskRecord } from '../domain/task-record.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';
import type { Gate } from '../domain/task-state.ts';
import { stepFailureOf, TaskFailed } from './step-failure.ts';

export interface Turn {
  readonly record: TaskRecord;
  readonly run: Run;
  readonly spec: AgentRunSpec;
  readonly seal: string | undefined;
  /** Present where the run goes on from the work of the one before. */
  readonly goesOn: true | undefined;
  /** Tells lists and the Temporal Web UI what the record says now. */
  readonly show: () => void;
  readonly historyFull: () => boolean;
}

/** Goes where the recovery ladder points. */
export function climb({ record, run }: Pick<Turn, 'record' | 'run'>, rung: Rung): void {
  switch (rung.kind) {
    case 'attempt':
      run.next = rung.next;
      run.step = 'attempt';
      return;
    case 'escalate':
      openGate(record, escalationGate(rung.question));
      return;
    case 'fail':
      throw new TaskFailed(rung.failure);
    default:
      rung satisfies never;
  }
}

/** The task waits for a person from now on. */
export const openGate = (record: TaskRecord, gate: Gate): void =>
  move(record, { status: 'awaiting_gate', gate: { ...gate, openedAt: now() } });

/** Nobody decides any more what the task waited for: it ends. Readers still see that it was asked, and for how long. */
export function leaveGate(record: TaskRecord, reason: string): void {
  const gate = openGateOf(record);
  if (record.run === undefined || gate?.status !== 'open') return;
  record.run.gates = [...record.run.gates, { ...gate, status: 'stale', reason, decidedAt: now() }];
}

/** Nothing where nothing was kept, and where the step was done by an engine that did not say so. */
export function noteKept(record: TaskRecord, cleaned: CleanedUp | null | undefined): void {
  const kept = cleaned?.kept ?? [];
  if (kept.length > 0) addNote(record, keptNote(kept));
}

/** ISO 8601, by the workflow's clock. */
export const now = (): string => new Date().toISOString();

/** Whether a person has given an instruction that no attempt has got yet. */
export const isTold = ({ told = [] }: Run): boolean => told.length > 0;

/** Whether a step that the task's cancellation meets is waited for, whatever it comes to. */
export const isHeardOut = ({ edition }: TaskRecord): boolean => (edition ?? 0) >= HEARD_OUT_SINCE;

/** What a step came to that ended before it had heard of the task's cancellation counts, but nothing follows it. */
export async function throwIfCancelled(): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) await scope.cancelRequested;
}

export const refOf = (
  record: TaskRecord,
  { repository, base, dir, forge, skill }: AgentRunSpec,
): TaskRef => ({
  id: record.id,
  ...(record.run?.id === undefined ? {} : { run: record.run.id }),
  title: record.title,
  repository,
  base,
  ...(skill?.trunk === undefined ? {} : { trunk: skill.trunk }),
  ...(dir === undefined ? {} : { dir }),
  ...(forge === undefined ? {} : { forge }),
});

/** How the checks' space is set up. A `Prepared` of an engine before this one does not say. */
export function checkSetupOf({ setup: asked }: AgentRunSpec, { setupCommand }: Prepared): CheckSetup {
  const setup = setupCommand === undefined ? asked : setupCommand;
  return setup === undefined ? {} : { setup };
}

/** Fields that earlier steps have set. A missing one means that the steps ran in the wrong order. */
export function need<K extends keyof Run>(run: Run, ...keys: readonly K[]): Run & Present<K> {
  if (!has(run, keys)) throw new TypeError(`step ${run.step} came before its ${keys.join(', ')}`);
  return run;
}

type Present<K extends keyof Run> = { readonly [P in K]-?: NonNullable<Run[P]> };
const has = <K extends keyof Run>(run: Run, keys: readonly K[]): run is Run & Present<K> =>
  keys.every((key) => run[key] !== undefined);

/** A step that failed for good fails the task; a cancelled one goes on up. */
export async function orFail<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw new TaskFailed(stepFailureOf(unlessCancelled(error)).failure);
  }
}

/**
 * The same for a step after the agent's work, which is not given up for it: a person may mend what is in its way.
 * @returns undefined where they are asked. Tasks that failed so before there was this are replayed as they were.
 */
export async function orAsk<T>(turn: Turn, step: Promise<T>, words: string): Promise<T | undefined> {
  try {
    return await step;
  } catch (error) {
    const { failure } = stepFailureOf(unlessCancelled(error));
    if (!patched('asks-undone')) throw new TaskFailed(failure);
    turn.run.undone = true;
    climb(turn, { kind: 'escalate', question: `${words}: ${failure.message}` });
    return undefined;
  }
}

export function unlessCancelled(error: unknown): unknown {
  if (isCancellation(error)) throw error;
  return error;
}
