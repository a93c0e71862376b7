/**
 * Programs that Pawl starts carry a mark in their environment (`PAWL_PROCESS`), so that what is left of them after a
 * kill is found, also what left its process group. Marks read like paths: home, task, then the step or run and attempt.
 */
import { attemptKey, type TaskRun, WorkflowId } from './ids.ts';

/** The variable that marks a program and everything it starts. */
export const MARK_VARIABLE = 'PAWL_PROCESS';

export interface Marks {
  /** Of all that is started for a task or an execution. */
  readonly ofTask: (task: string) => string;
  readonly ofStep: (task: string, step: string) => string;
  readonly ofAttempt: (task: TaskRun, attempt: number) => string;
}

/** @param host the id of the home: two homes on one machine may each have a task of the same id */
export function marksOf(host: string): Marks {
  const ofTask = (task: string) => `${host}/${task}`;
  const ofStep = (task: string, step: string) => `${ofTask(task)}/${step}`;
  return { ofTask, ofStep, ofAttempt: (task, attempt) => `${host}/${attemptKey(task, attempt)}` };
}

const IN_ATTEMPT = /^([a-z0-9-]+)\/(?:[a-z0-9-]+\/)?([1-9][0-9]{0,8})$/;
const IN_STEP = /^((?:x_)?[a-z0-9-]+)\/([a-z-]{1,20})$/;

/**
 * Where in the work of a home a program runs that says this mark of itself, in words: `attempt 2 of fix-login`, `check of
 * fix-login`. undefined for whatever is no mark of this home. A claim, because everybody can say any mark.
 */
export function placeOfMark(host: string, mark: string): string | undefined {
  if (!mark.startsWith(`${host}/`)) return undefined;
  const place = mark.slice(host.length + 1);
  const [, inAttempt, number] = IN_ATTEMPT.exec(place) ?? [];
  const [, inStep, step] = IN_STEP.exec(place) ?? [];
  const id = WorkflowId.safeParse(inAttempt ?? inStep).data;
  if (id === undefined) return undefined;
  return number === undefined ? `${step} of ${id}` : `attempt ${number} of ${id}`;
}
