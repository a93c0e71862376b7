/**
 * Programs that Pawl starts carry a mark in their environment (`PAWL_PROCESS`), so that what is left of them after a
 * kill is found, also what left its process group. A task's marks share its id as prefix.
 */
export const taskMark = (task: string, step: string): string => `${task}/${step}`;
export const attemptMark = (task: string, attempt: number): string => taskMark(task, `attempt-${attempt}`);
