/** Ids are branded and made here only, so nobody concatenates a workflow id or a branch name by hand. */
import { z } from 'zod';
import { executionWords, idWords } from './id-words.ts';

/** One path-safe word: the id is also the workflow id, the branch `pawl/<id>` and a folder name. */
export const TaskId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: ({ input }) =>
      ExecutionId.safeParse(input).success
        ? `${input} is an execution, not a task`
        : 'expected 1 to 63 lower-case letters, digits and inner hyphens, such as fix-login-7f3k',
  })
  .brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;

/**
 * The id of an execution, which is its workflow id too. No task can have it: Temporal would keep two workflows of one id apart
 * only while it has them, and what is kept by an id alone (folders, branches, marks, notes of the home, rows in memory) lives
 * longer or knows no type. And whoever is given an id can say of what it is without asking. The underscore is in no task's id,
 * and separates nothing else in names that are made of ids. The type is compared all the same (`client/run-of.ts`), because
 * who reaches Temporal starts any type under any id.
 */
export const ExecutionId = z
  .string()
  .regex(/^x_[a-z0-9](?:[a-z0-9-]{0,59}[a-z0-9])?$/, {
    error: 'expected x_ and 1 to 61 lower-case letters, digits and inner hyphens, such as x_bugfix-7f3k',
  })
  .brand<'ExecutionId'>();
export type ExecutionId = z.infer<typeof ExecutionId>;

/** The id of what messages are sent to and states read of. */
export const WorkflowId = z.union([ExecutionId, TaskId]);
export type WorkflowId = z.infer<typeof WorkflowId>;

/** The types of Pawl's own workflows that have an id which people know; each is also the word for one. */
export type WorkflowType = 'task' | 'execution';

/** The type that a workflow of this id has to have, by the id's form; undefined where it is none of Pawl's. */
export function workflowTypeOf(id: string): WorkflowType | undefined {
  if (TaskId.safeParse(id).success) return 'task';
  return ExecutionId.safeParse(id).success ? 'execution' : undefined;
}

/** The branch on which the work of a task or execution is. */
export const branchOf = (id: WorkflowId): string => `${OWN_BRANCHES}${id}`;

const OWN_BRANCHES = 'pawl/';

/** Whether a branch is named as those are on which work of tasks and executions is, or was kept. */
export const isOwnBranch = (name: string): boolean => name.startsWith(OWN_BRANCHES);

/** One of the runs of a task: when it is run again under its id, its attempts count from 1 again. */
export const TaskRun = z.object({
  id: TaskId,
  /** Absent in tasks that were begun before it was kept: what is theirs is found by their id alone. */
  run: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
});
export type TaskRun = Readonly<z.infer<typeof TaskRun>>;

/**
 * The word for a run, from the id of its first execution: continue-as-new and reset change all others. Of that its end,
 * which is random, where its beginning may be the time.
 */
export const runWordOf = (firstExecutionRunId: string): string => firstExecutionRunId.slice(-12);

/** Names an attempt among all of a home, as a path: its log, its folder, its mark and its effects are named after it. */
export const attemptKey = ({ id, run }: TaskRun, attempt: number): string =>
  (run === undefined ? [id, attempt] : [id, run, attempt]).join('/');

/** The key by which an outside effect is found again. */
export const effectKey = (task: TaskRun, attempt: number, effect: string): string =>
  `${attemptKey(task, attempt)}/${effect}`;

/** A readable id of an execution from its loop and a random suffix (`[a-z0-9]+`) made by the caller. */
export const executionIdFrom = (loop: string, suffix: string): ExecutionId =>
  ExecutionId.parse(executionWords(loop, suffix));

/** A readable id from a title and a random suffix (`[a-z0-9]+`) made by the caller. */
export const taskIdFrom = (title: string, suffix: string): TaskId => TaskId.parse(idWords(title, suffix));
