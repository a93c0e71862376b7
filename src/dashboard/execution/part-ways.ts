/** Which ways a person has on with a skill or a gate, as the execution stands. Pure. */
import type { ExecutionState, GateView, SkillView } from '../../domain/executions/execution-state.ts';

export type SkillWay = 'retry' | 'look' | 'reset' | 'skip';

/**
 * What a person can do about a skill, where the execution waits for them: have it gone on with or looked at again, done again from
 * its beginning, or left out.
 */
export function skillWays(
  { state, by, isLookedAt, isToPick, items }: SkillView,
  { status, isCurrent }: { readonly status: ExecutionState['status']; readonly isCurrent: boolean },
): readonly SkillWay[] {
  if (status !== 'blocked' || !isCurrent) return [];
  if (state === 'failed') return ['retry', 'reset', 'skip'];
  if (state === 'completed' || state === 'skipped') return ['reset'];
  // It was reported as done, and what the engine saw does not let that count.
  const isRefused = by !== undefined || (items?.every(({ endedAt }) => endedAt !== undefined) ?? false);
  const isOpen = state === 'in-progress' && isLookedAt !== true && isToPick !== true;
  return isOpen && isRefused ? ['look', 'reset', 'skip'] : [];
}

export type GateWay = 'look' | 'enable' | 'disable' | 'approve';

/**
 * What a person can do about a gate other than to decide it while it is open. One that was turned down can be approved after all.
 * @param execution as a whole: only at its end of a phase do gates hold it up
 */
export function gateWays(
  { id, status, enabled, kind }: GateView,
  { status: stands, currentPhase, phases }: Pick<ExecutionState, 'status' | 'currentPhase' | 'phases'>,
): readonly GateWay[] {
  const isOpen = stands === 'active' || stands === 'blocked';
  if (isOpen && !enabled && status === 'pending') return ['enable'];
  const current = phases.find((phase) => phase.id === currentPhase);
  const isHere = current?.status === 'completed' && current.gates.some((one) => one.id === id);
  if (stands !== 'blocked' || !isHere || !enabled) return [];
  if (status === 'failed') return ['look', 'disable'];
  // Whether it is there cannot be said.
  if (status === 'pending') return ['disable'];
  return status === 'rejected' && kind === 'approval' ? ['approve'] : [];
}

/** Whether a person can take what does not hold as met, so that the execution goes on. */
export const isResolvable = (
  part: SkillView | GateView,
  { status }: Pick<ExecutionState, 'status'>,
): boolean => status === 'blocked' && ('kind' in part ? part.status === 'failed' : part.isRefused === true);
