/** What the engine saw of a change, as people read it. Pure. */
import type { Attempt, Evidence, Gate, TaskState } from '../../domain/task-state.ts';

/** What was checked of the very commit that a gate is about. */
export const evidenceFor = (gate: Gate, { gates }: Pick<TaskState, 'gates'>): readonly Evidence[] =>
  gate.evidence ??
  gates.findLast((one) => one.gate === 'check' && one.commit === gate.commit)?.evidence ??
  [];

export const exitText = ({ exitCode }: Pick<Evidence, 'exitCode'>): string =>
  exitCode === null ? 'did not end in time, or by a signal' : `exit code ${exitCode}`;

export const millisecondsText = (ms: number): string =>
  ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;

/** What an escalation is about: why the latest attempt failed, or else the latest check. */
export function troubleOf({ attempts, gates }: Pick<TaskState, 'attempts' | 'gates'>): {
  readonly failure: Attempt['failure'];
  readonly failed: readonly Evidence[];
} {
  const check = gates.findLast(({ gate }) => gate === 'check');
  const failed = check?.status === 'failed' ? (check.evidence ?? []).filter(({ passed }) => !passed) : [];
  return { failure: attempts.at(-1)?.failure, failed };
}
