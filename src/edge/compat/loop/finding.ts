/** Finds what a call is about: an execution, its skills, its gates. */
import type { ExecutionState, GateView, SkillView } from '../../../domain/executions/execution-state.ts';
import { gatesIn, skillsIn } from '../../../domain/executions/state-parts.ts';
import { PawlError } from '../../../domain/failures.ts';
import { ExecutionId } from '../../../domain/ids.ts';
import { clip } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';

/** The engine knows no execution of this id. */
export class UnknownExecution extends PawlError {
  constructor(field: string, given: string) {
    const words = `there is no execution ${clip(given, 100)}: list_executions shows those there are`;
    super('not_found', `${field}: ${words}`, { details: [[field]] });
  }
}

/** @throws UnknownExecution naming the field */
export async function executionOf(
  engine: Calls,
  given: string,
  field = 'executionId',
): Promise<ExecutionState> {
  const id = ExecutionId.safeParse(given);
  const state = id.success ? await stateOf(engine, id.data) : undefined;
  if (state !== undefined) return state;
  throw new UnknownExecution(field, given);
}

/** undefined where there is none. */
export const stateOf = (engine: Calls, id: ExecutionId): Promise<ExecutionState | undefined> =>
  unlessNotFound(() => engine.execution({ id }));

export async function unlessNotFound<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** @throws PawlError `not_found` naming those there are */
export const skillOf = (state: ExecutionState, skillId: string): SkillView =>
  find('skillId', 'skill', skillId, skillsIn(state));

/** @throws PawlError `not_found` naming those there are */
export const gateOf = (state: ExecutionState, gateId: string): GateView =>
  find('gateId', 'gate', gateId, gatesIn(state));

function find<T extends { readonly id: string }>(
  field: string,
  noun: string,
  given: string,
  all: readonly T[],
): T {
  const found = all.find(({ id }) => id === given);
  if (found !== undefined) return found;
  const there = all.map(({ id }) => id);
  const words = there.length === 0 ? 'none, because its loop has none' : `one of ${there.join(', ')}`;
  throw new PawlError('not_found', `${field}: there is no ${noun} ${clip(given, 100)}: expected ${words}`, {
    details: [[field]],
  });
}

/** The phase that is next or under way, and the one before it. */
export function phasesAt({ phases, currentPhase }: ExecutionState) {
  const at = phases.findIndex(({ id }) => id === currentPhase);
  return { phase: phases[at], before: at < 1 ? undefined : phases[at - 1] };
}

/** It was reported, and what the engine saw does not pass. */
export const isRefused = ({ state, by, isLookedAt, items }: SkillView): boolean =>
  state === 'in-progress' && by !== undefined && isLookedAt !== true && items === undefined;
