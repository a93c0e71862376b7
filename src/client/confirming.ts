/** What may not be the latest word on a task is asked for, of one task after the other. */
import type { TaskId } from '../domain/ids.ts';

/** @param ask of one; where nobody answers, who reads asks again @returns of which task, at once and once however often it is called meanwhile */
export function createConfirming(ask: (id: TaskId) => Promise<void>): (id: TaskId) => void {
  const due = new Set<TaskId>();
  let isAsking = false;
  const askAll = async () => {
    isAsking = true;
    for (const id of due) {
      due.delete(id);
      await ask(id).catch(() => undefined);
    }
    isAsking = false;
  };
  return (id) => {
    due.add(id);
    if (!isAsking) void askAll();
  };
}
