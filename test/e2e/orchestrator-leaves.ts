/** The tasks that the kills fall on: areas below one root, and leaves in them that wait for one another. */

export const AREAS = 9;

export const LEAVES = 50;

const FREE_LEAVES = 25;

export interface Leaf {
  readonly title: string;
  readonly area: number;
  readonly needs: readonly number[];
  /** How far it is worked on; one that waits for an uncompleted one comes to nothing. */
  readonly ends: 'completed' | 'in_progress' | 'pending' | 'blocked';
}

export function leavesOf(): Leaf[] {
  const leaves: Leaf[] = [];
  for (let at = 0; at < LEAVES; at += 1) {
    const other = at - FREE_LEAVES;
    const needs = other < 0 ? [] : at % 3 === 0 ? [other, (other + 1) % FREE_LEAVES] : [other];
    const free = needs.every((need) => leaves[need]?.ends === 'completed');
    const worked = at % 5 === 4 ? 'in_progress' : 'completed';
    const left = at % 2 === 0 ? worked : 'pending';
    const ends = other < 0 ? worked : free ? left : 'blocked';
    leaves.push({ title: `leaf ${at}`, area: at % AREAS, needs, ends });
  }
  return leaves;
}
