/** The cards of the board: which of all rows, in which column, and in which order. Pure. */
import type { ExecutionRow } from '../../domain/executions/execution-rows.ts';
import type { TaskRow } from '../../domain/rows.ts';
import { asksIn } from '../client/ranked-decisions.ts';
import { COLUMNS, type Column, columnOf, columnOfExecution, statusOfExecution } from './board-columns.ts';

/** What is shown; an empty text selects nothing and leaves all. Kept in the address under the same names. */
export interface BoardFilter {
  readonly repository: string;
  readonly agent: string;
  readonly status: string;
  readonly text: string;
}
export const FILTERS = ['repository', 'agent', 'status', 'text'] as const;

export const filterFrom = (query: Readonly<Record<string, string>>): BoardFilter => ({
  repository: query.repository ?? '',
  agent: query.agent ?? '',
  status: query.status ?? '',
  text: query.text ?? '',
});

/** The address of the board with a filter. */
export function boardPage(filter: BoardFilter): string {
  const said = FILTERS.filter((name) => filter[name] !== '').map((name): [string, string] => [
    name,
    filter[name],
  ]);
  return said.length === 0 ? '/board' : `/board?${new URLSearchParams(said)}`;
}

export type Card =
  | { readonly is: 'task'; readonly row: TaskRow }
  | { readonly is: 'execution'; readonly row: ExecutionRow };

export interface BoardColumn {
  readonly name: Column;
  /** The first of them. */
  readonly cards: readonly Card[];
  readonly total: number;
}

interface Rows {
  readonly tasks: readonly TaskRow[];
  readonly executions: readonly ExecutionRow[];
}

/** @param most how many cards a column shows; all of them are counted */
export function boardOf(
  { tasks, executions }: Rows,
  filter: BoardFilter,
  most: (column: Column) => number,
): readonly BoardColumn[] {
  const all = Object.fromEntries(COLUMNS.map(([name]) => [name, [] as Card[]])) as Record<Column, Card[]>;
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  const worksIn = executionsOf(tasks, filter.agent);
  for (const row of executions)
    if (selectsExecution(filter, row) && worksIn(row) && hasWords(words, row))
      all[columnOfExecution(row)].push({ is: 'execution', row });
  for (const row of tasks)
    if (selectsTask(filter, row) && hasWords(words, row)) all[columnOf(row)].push({ is: 'task', row });
  return COLUMNS.map(([name]) => ({
    name,
    cards: name === 'done' ? latest(all[name], most(name)) : urgent(all[name], most(name)),
    total: all[name].length,
  }));
}

const selectsTask = ({ repository, agent, status }: BoardFilter, row: TaskRow): boolean =>
  (repository === '' || row.repository === repository) &&
  (agent === '' || row.agent === agent) &&
  (status === '' || row.status === status);

const selectsExecution = ({ repository, status }: BoardFilter, row: ExecutionRow): boolean =>
  (repository === '' || row.project === repository) && (status === '' || statusOfExecution(row) === status);

/** Those of an agent: a loop has many, and each works in tasks of it. */
function executionsOf(tasks: readonly TaskRow[], agent: string): (row: ExecutionRow) => boolean {
  if (agent === '') return () => true;
  const ids = new Set(tasks.flatMap((row) => (row.agent === agent ? (row.execution ?? []) : [])));
  return ({ id }) => ids.has(id);
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase();
/** Of ten thousand titles the lower case is most of what a key stroke costs. */
const foldedTitles = new WeakMap<object, string>();

function hasWords(words: readonly string[], row: TaskRow | ExecutionRow): boolean {
  if (words.length === 0) return true;
  let title = foldedTitles.get(row);
  if (title === undefined) {
    title = folded(`${row.title}\n${row.id}`);
    foldedTitles.set(row, title);
  }
  for (const word of words) if (!title.includes(word)) return false;
  return true;
}

/** What waits for a person first, then loops, then what began last. */
const rankOf = ({ is, row }: Card): string =>
  `${asksIn(row) ? 2 : is === 'execution' ? 1 : 0} ${row.startedAt}`;
const urgent = (cards: readonly Card[], count: number) => top(cards, count, rankOf);
const latest = (cards: readonly Card[], count: number) =>
  top(cards, count, ({ row }) => row.closedAt ?? row.startedAt);

/** The highest, without an order of the others: of thousands that have ended a few dozen are shown. */
export function top<T>(all: readonly T[], count: number, rank: (one: T) => string): readonly T[] {
  const found: { readonly one: T; readonly rank: string }[] = [];
  for (const one of all) {
    const mine = rank(one);
    const last = found.at(-1);
    if (found.length === count && (last === undefined || mine <= last.rank)) continue;
    let place = found.length;
    while (place > 0 && mine > (found[place - 1]?.rank ?? '')) place -= 1;
    found.splice(place, 0, { one, rank: mine });
    if (found.length > count) found.pop();
  }
  return found.map(({ one }) => one);
}
