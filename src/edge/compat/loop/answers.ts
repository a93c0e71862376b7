/** What every answer about an execution ends with: how it stands, what is to be done now, who is waited for. */
import { z } from 'zod';
import { type ExecutionState, isOver, type SkillView } from '../../../domain/executions/execution-state.ts';
import { lookedAtIn, openGatesIn } from '../../../domain/executions/state-parts.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { ToolAnswer } from '../../mcp/tool.ts';
import { executionOf } from './finding.ts';

/** A skill in progress. */
type Work = {
  readonly skillId: string;
  readonly phase: string;
  /** For which it is done; `complete_skill` is told it. */
  readonly item?: string;
  readonly brief: string;
  /** The outputs that `complete_skill` wants, with their types. */
  readonly returns?: Readonly<Record<string, string>>;
  /** What the engine looks for. */
  readonly guarantees?: readonly string[];
};

/** As a client is shown it: every model reads this some twenty times at each start, so it says no more than it has to. */
export const Standing = {
  status: z.string(),
  currentPhase: z.string(),
  message: z.string(),
  blockedBy: z.string().optional(),
  todo: z.array(z.looseObject({ skillId: z.string(), brief: z.string() })),
  openGates: z.array(z.looseObject({ gateId: z.string() })),
  isLookedAt: z.array(z.string()).optional(),
  evidence: z.string(),
};

export function standingOf(state: ExecutionState, message: string) {
  const { status, currentPhase, blockedBy, project } = state;
  const looks = lookedAtIn(state);
  return {
    ...{ status, currentPhase, message },
    ...(blockedBy !== undefined && { blockedBy }),
    todo: todoOf(state),
    openGates: openGatesIn(state).map(({ id, title = id }) => ({ gateId: id, name: title })),
    ...(looks.length > 0 && { isLookedAt: looks }),
    evidence: `you do the skills; evidence is taken at the HEAD of ${project}: commit there what you report`,
  };
}

/** The execution as it is after the call, behind the fields of the tool's own. */
export async function answered<F extends object>(
  engine: Calls,
  id: string,
  tell: (state: ExecutionState) => { readonly fields: F; readonly message: string },
): Promise<ToolAnswer<F & ReturnType<typeof standingOf>>> {
  return answerOf(await executionOf(engine, id), tell);
}

export function answerOf<F extends object>(
  state: ExecutionState,
  tell: (state: ExecutionState) => { readonly fields: F; readonly message: string },
): ToolAnswer<F & ReturnType<typeof standingOf>> {
  const { fields, message } = tell(state);
  return { structured: { ...fields, ...standingOf(state, message) }, text: textOf(state, message) };
}

export function todoOf(state: ExecutionState): Work[] {
  // While it is paused, nothing that is done counts.
  if (state.status === 'paused' || isOver(state.status)) return [];
  return state.phases.flatMap(({ id: phase, skills }) =>
    skills.filter((one) => one.state === 'in-progress').flatMap((one) => worksOf(phase, one)),
  );
}

function worksOf(phase: string, skill: SkillView): Work[] {
  const { id: skillId, returns, items, brief = '', isLookedAt } = skill;
  if (isLookedAt === true) return [];
  const guarantees = skill.guarantees
    .filter(({ required }) => required)
    .map((one) => `${one.id}: ${one.text}`);
  const common = {
    ...{ skillId, phase },
    ...(returns !== undefined && { returns }),
    ...(guarantees.length > 0 && { guarantees }),
  };
  if (items === undefined) return [{ ...common, brief }];
  return items.flatMap((one) =>
    one.state === 'in-progress' ? [{ ...common, item: one.item, brief: one.brief ?? '' }] : [],
  );
}

/** For a model: how it stands, and what to do next. */
function textOf(state: ExecutionState, message: string): string {
  const { id, status, currentPhase, blockedBy } = state;
  const open = openGatesIn(state).map((gate) => gate.id);
  const looks = lookedAtIn(state);
  return [
    message,
    `${id} is ${status} in ${currentPhase}`,
    ...(blockedBy === undefined ? [] : [blockedBy]),
    ...(open.length === 0
      ? []
      : [`a person has to decide at ${open.join(', ')}: call approve_gate or reject_gate`]),
    ...(looks.length === 0
      ? []
      : [`the engine still looks at ${looks.join(', ')}: get_execution tells what it saw`]),
    ...todoOf(state).map(
      ({ skillId, item, brief }) => `to do, ${skillId}${item === undefined ? '' : ` for ${item}`}:\n${brief}`,
    ),
  ].join('\n');
}
