/**
 * Programs that Pawl starts carry a mark in their environment (`PAWL_PROCESS`), so that what is left of them after a
 * kill is found, also what left its process group. Marks read like paths: home, task, then the step or run and attempt.
 */
import { attemptKey, type TaskRun } from './ids.ts';

export interface Marks {
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
