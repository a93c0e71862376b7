/** Lists of executions: what a row holds. Pure. */
import { z } from 'zod';
import { ExecutionId } from '../ids.ts';
import { unusualIn } from '../priority.ts';
import { Priority } from '../task-spec.ts';
import { type ExecutionState, ExecutionStatus } from './execution-state.ts';
import { openGatesIn, skillsIn } from './state-parts.ts';

export const Progress = z.object({
  phasesCompleted: z.int(),
  phasesTotal: z.int(),
  skillsCompleted: z.int(),
  skillsTotal: z.int(),
});

/** What changes in a row while the execution goes on, besides its status. Short, because it is kept in a search attribute. */
export const ExecutionFacts = z.object({
  /** The phase that is next or under way. */
  phase: z.string(),
  /** Phases completed and in all, skills completed and in all. */
  done: z.tuple([z.int(), z.int(), z.int(), z.int()]),
  /** Gates that are open, the first few of them. */
  gates: z.array(z.string()).optional(),
});
export type ExecutionFacts = z.infer<typeof ExecutionFacts>;

export const ExecutionRow = z.object({
  id: ExecutionId,
  title: z.string(),
  loop: z.string(),
  project: z.string(),
  status: ExecutionStatus,
  currentPhase: z.string(),
  progress: Progress,
  /** Ids of the gates that wait for a person. */
  gates: z.array(z.string()).optional(),
  requester: z.string(),
  /** Of its tasks; absent where it is normal. */
  priority: Priority.optional(),
  startedAt: z.iso.datetime(),
  changedAt: z.iso.datetime().optional(),
  closedAt: z.iso.datetime().optional(),
});
export type ExecutionRow = z.infer<typeof ExecutionRow>;

/** What a list says of it in words, which never change. */
export const ExecutionMemo = z.object({
  title: z.string(),
  loop: z.string(),
  requester: z.string(),
  priority: Priority.optional(),
  /** When the first of its runs began. Absent in those from before it was kept. */
  startedAt: z.iso.datetime().optional(),
});

export const oldestFirst = (one: ExecutionRow, other: ExecutionRow): number =>
  compare(one.startedAt, other.startedAt) || compare(one.id, other.id);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Newest first. `total` counts what is selected before limit and offset. @param rows oldest first */
export function selectExecutions(
  rows: readonly ExecutionRow[],
  { status = [], loop, limit, offset }: Selection,
): { readonly executions: ExecutionRow[]; readonly total: number } {
  const selected = rows
    .filter((row) => status.length === 0 || status.includes(row.status))
    .filter((row) => loop === undefined || row.loop === loop)
    .reverse();
  return { executions: selected.slice(offset, offset + limit), total: selected.length };
}

interface Selection {
  /** Any of these; all where none is named. */
  readonly status?: readonly ExecutionStatus[] | undefined;
  readonly loop?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

const GATES_TOLD_MAX = 5;

export function executionFacts(state: ExecutionState): ExecutionFacts {
  const { currentPhase, phases } = state;
  const [skills, open] = [skillsIn(state), openGatesIn(state)];
  const over = (one: { readonly state: string }) => one.state === 'completed' || one.state === 'skipped';
  return {
    phase: currentPhase,
    done: [
      phases.filter(({ status }) => status === 'completed' || status === 'skipped').length,
      phases.length,
      skills.filter(over).length,
      skills.length,
    ],
    ...(open.length > 0 && { gates: open.slice(0, GATES_TOLD_MAX).map(({ id }) => id) }),
  };
}

export const progressOf = ({ done: [a, b, c, d] }: ExecutionFacts): z.infer<typeof Progress> => ({
  phasesCompleted: a,
  phasesTotal: b,
  skillsCompleted: c,
  skillsTotal: d,
});

export function rowOfExecution(state: ExecutionState): ExecutionRow {
  const { id, title, loop, project, status, requester, priority, startedAt, changedAt, endedAt } = state;
  const facts = executionFacts(state);
  return {
    ...{ id, title, loop, project, status, requester, startedAt },
    currentPhase: facts.phase,
    progress: progressOf(facts),
    ...unusualIn(priority),
    // A gate that was open when it ended asks nobody.
    ...(facts.gates !== undefined && endedAt === undefined && { gates: facts.gates }),
    ...(changedAt !== undefined && { changedAt }),
    ...(endedAt !== undefined && { closedAt: endedAt }),
  };
}
