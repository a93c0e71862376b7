/** Looking at executions and their gates. */

import { z } from 'zod';
import type { ExecutionRow } from '../../../domain/executions/execution-rows.ts';
import { type ExecutionState, ExecutionStatus } from '../../../domain/executions/execution-state.ts';
import { gatesIn, skillsIn } from '../../../domain/executions/state-parts.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import { tool } from '../../mcp/tool.ts';
import { answerOf, Standing } from './answers.ts';
import { executionOf } from './finding.ts';
import { loopIdsOf } from './loop-names.ts';
import { ExecutionIdField, GateEntry, gateEntry, given, LOOKS, OfExecution } from './words.ts';

const Phase = z.looseObject({ name: z.string(), status: z.string(), skills: z.array(z.looseObject({})) });

export const getExecution = tool({
  name: 'get_execution',
  title: 'Look at an execution',
  description:
    'Get an execution as it stands: phases with their skills, gates, what is to be done now, what holds it up. Read it again whenever you come back.',
  input: z.strictObject({ id: ExecutionIdField }),
  output: z.looseObject({
    ...{ id: z.string(), loopId: z.string(), loopVersion: z.string(), project: z.string() },
    mode: z.string().nullable(),
    autonomy: z.string(),
    ...Standing,
    phases: z.array(Phase),
    gates: z.array(GateEntry),
    skillExecutions: z.int().describe('how often a skill was begun'),
    ...{ startedAt: z.string(), updatedAt: z.string(), completedAt: z.string().nullable() },
  }),
  hints: LOOKS,
  async call(engine, { id }) {
    const state = await executionOf(engine, id, 'id');
    return answerOf(state, () => ({
      fields: fieldsOf(state),
      message: `${state.title}${state.why === undefined ? '' : `: ${state.why}`}`,
    }));
  },
});

export function fieldsOf(state: ExecutionState) {
  const { id, title, loop, digest, project, mode = null, autonomy, inputs, notes, requester, why } = state;
  return {
    ...{ id, title, loopId: loop, loopVersion: digest, project, mode, autonomy, inputs, notes, requester },
    ...{ status: state.status, currentPhase: state.currentPhase },
    ...(why !== undefined && { why }),
    phases: state.phases.map(({ id: name, gates: _, skills, ...phase }) => ({
      name,
      ...phase,
      skills: skills.map(({ id: skillId, state: status, ...skill }) => ({ skillId, status, ...skill })),
    })),
    gates: gatesIn(state).map(gateEntry),
    skillExecutions: skillsIn(state).reduce((sum, { round }) => sum + round, 0),
    startedAt: state.startedAt,
    updatedAt: state.changedAt ?? state.startedAt,
    completedAt: state.endedAt ?? null,
  };
}

const Progress = z.object({
  ...{ phasesCompleted: z.int(), phasesTotal: z.int(), skillsCompleted: z.int(), skillsTotal: z.int() },
});
export const RowEntry = z.looseObject({
  ...{ id: z.string(), loopId: z.string(), project: z.string(), status: z.string() },
  currentPhase: z.string(),
  progress: Progress,
  ...{ startedAt: z.string(), updatedAt: z.string() },
});

export const listExecutions = tool({
  name: 'list_executions',
  title: 'List executions',
  description: 'List executions, newest first, those that were aborted too.',
  input: z.strictObject({
    status: ExecutionStatus.optional(),
    loopId: z.string().min(1).max(200).optional(),
  }),
  output: z.object({ executions: z.array(RowEntry), total: z.int() }),
  hints: LOOKS,
  async call(engine, { status, loopId }) {
    const { rows, total } = await rowsOf(engine, loopId, status);
    const executions = rows.map(rowEntry);
    return {
      structured: { executions, total },
      text:
        executions.length === 0
          ? 'there are none: start_execution begins one'
          : rows.map((row) => `${row.id}  ${row.status}  ${row.currentPhase}  ${row.title}`).join('\n'),
    };
  },
});

/** Newest first. @param loop by any of its names */
export async function rowsOf(
  engine: Calls,
  loop: string | undefined,
  status: ExecutionStatus | undefined,
): Promise<{ readonly rows: readonly ExecutionRow[]; readonly total: number }> {
  const loops = loop === undefined ? [undefined] : loopIdsOf(loop);
  const found = await Promise.all(
    loops.map((one) =>
      engine.executions({
        limit: LIMITS.listPageMax,
        ...given('loop', one),
        ...given('status', status && [status]),
      }),
    ),
  );
  const rows = found.flatMap(({ executions }) => executions);
  return {
    rows: rows.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1)),
    total: found.reduce((sum, one) => sum + one.total, 0),
  };
}

export const rowEntry = (row: ExecutionRow): z.infer<typeof RowEntry> => {
  const { id, title, loop, project, status, currentPhase, progress, startedAt, gates = [] } = row;
  const updatedAt = row.changedAt ?? startedAt;
  return {
    id,
    title,
    loopId: loop,
    project,
    status,
    currentPhase,
    progress,
    startedAt,
    updatedAt,
    openGates: gates,
  };
};

export const listGates = tool({
  name: 'list_gates',
  title: 'List gates',
  description: 'List all gates of an execution: how each stands, and who decides it.',
  input: z.strictObject(OfExecution),
  output: z.object({ executionId: z.string(), gates: z.array(GateEntry), count: z.int() }),
  hints: LOOKS,
  async call(engine, { executionId }) {
    const gates = gatesIn(await executionOf(engine, executionId)).map(gateEntry);
    return {
      structured: { executionId, gates, count: gates.length },
      text: gates
        .map(({ gateId, afterPhase, state }) => `${gateId} after ${afterPhase}: ${state}`)
        .join('\n'),
    };
  },
});
