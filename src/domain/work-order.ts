/** Attempts of a task and the gates that followed each, in the order in which they came. Pure. */
import type { Attempt, Gate, TaskState } from './task-state.ts';

export type Work = { readonly attempt: Attempt } | { readonly gate: Gate; readonly index: number };

/** @returns all of both; `index` is that of the gate among the gates */
export function workOrder({ attempts, gates }: Pick<TaskState, 'attempts' | 'gates'>): readonly Work[] {
  const work: Work[] = [];
  let next = 0;
  for (const [at, attempt] of attempts.entries()) {
    work.push({ attempt });
    const later = attempts.slice(at + 1);
    for (; next < gates.length; next++) {
      const gate = gates[next];
      if (gate === undefined || !isBefore(gate, later)) break;
      work.push({ gate, index: next });
    }
  }
  return [...work, ...gates.slice(next).map((gate, at) => ({ gate, index: next + at }))];
}

/** Whether a gate came before the `later` attempts. */
function isBefore(gate: Gate, later: readonly Attempt[]): boolean {
  const next = later[0];
  if (next === undefined) return true;
  // While it waits, nothing follows it.
  if (gate.status === 'open') return false;
  if (gate.commit !== undefined) return !later.some(({ commit }) => commit === gate.commit);
  return answersTo(gate).includes(next.reason);
}

/** A question of the agent or the ladder has no commit: the attempt that its answer begins is what follows it. */
const answersTo = ({ permission }: Gate): readonly Attempt['reason'][] =>
  permission === undefined ? ['retry'] : ['permission', 'told'];
