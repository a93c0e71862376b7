/** What may not be the latest word on a task or execution is asked for, of one after the other. */
import type { WorkflowId } from '../domain/ids.ts';

/** @param ask of one; where nobody answers, who reads asks again @returns of which, at once and once however often it is called meanwhile */
export function createConfirming<I extends WorkflowId>(ask: (id: I) => Promise<void>): (id: I) => void {
  const due = new Set<I>();
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
