/** How tasks went over time, as charts and tables show it, from the rows that the page has. Pure. */
import { failureWord } from '../../domain/failure-words.ts';
import type { TaskRow } from '../../domain/rows.ts';

export interface Chart {
  readonly title: string;
  /** What a number is, after it in the table. */
  readonly unit: string;
  /** When each step begins, in seconds since 1970; the last one holds now. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}
export interface ChartLine {
  readonly name: string;
  /** One for each time; null where nothing is known. */
  readonly values: readonly (number | null)[];
}

export const STEPS = {
  hour: { ms: 60 * 60_000, count: 24, words: 'Last 24 hours' },
  day: { ms: 24 * 60 * 60_000, count: 30, words: 'Last 30 days' },
} as const;
export type Step = keyof typeof STEPS;

/** A chart with more lines cannot be read: the smallest are added up. */
const LINES_MAX = 6;

/** Steps begin at whole hours or days of UTC. */
export function chartsOf(rows: readonly TaskRow[], step: Step, nowMs: number): readonly Chart[] {
  const { ms, count } = STEPS[step];
  const first = Math.floor(nowMs / ms) - count + 1;
  const times = Array.from({ length: count }, (_, index) => ((first + index) * ms) / 1_000);
  const placed = (text: (row: TaskRow) => string | undefined) => {
    const places: TaskRow[][] = times.map(() => []);
    for (const row of rows) {
      const moment = text(row);
      if (moment !== undefined) places[Math.floor(Date.parse(moment) / ms) - first]?.push(row);
    }
    return places;
  };
  const started = placed(({ startedAt }) => startedAt);
  const ended = placed(({ closedAt }) => closedAt);
  const failed = ended.map((all) => all.filter(({ failureClass }) => failureClass !== undefined));
  const used = ended.map((all) => all.filter(({ usage }) => usage !== undefined));
  const classOf = ({ failureClass = 'unknown' }: TaskRow) => failureWord(failureClass);
  const agentOf = ({ agent = 'unknown agent' }: TaskRow) => agent;
  return [
    {
      ...{ title: `Tasks started and ended per ${step}`, unit: 'tasks', times },
      lines: [
        { name: 'started', values: started.map(({ length }) => length) },
        { name: 'completed', values: ended.map(countOf('completed')) },
        { name: 'failed', values: ended.map(countOf('failed')) },
        { name: 'cancelled', values: ended.map(countOf('cancelled')) },
      ],
    },
    {
      ...{ title: `Failures per ${step}, by class`, unit: 'tasks', times },
      lines: linesBy(failed, classOf, () => 1),
    },
    {
      ...{
        title: `How long gates waited, in minutes, of tasks that ended in the ${step}`,
        unit: 'minutes',
        times,
      },
      lines: [{ name: 'mean wait', values: ended.map(meanWait) }].filter(hasValue),
    },
    {
      ...{ title: `Tokens per ${step}, by agent`, unit: 'tokens', times },
      lines: linesBy(used, agentOf, ({ usage }) => usage?.tokens ?? 0),
    },
    {
      ...{ title: `Cost per ${step} in US dollars, by agent`, unit: 'US dollars', times },
      lines: linesBy(used, agentOf, ({ usage }) => usage?.costUsd ?? 0).filter(hasValue),
    },
  ];
}

const countOf =
  (status: TaskRow['status']) =>
  (rows: readonly TaskRow[]): number =>
    rows.filter((row) => row.status === status).length;

/** In minutes. */
function meanWait(rows: readonly TaskRow[]): number | null {
  const waits = rows.flatMap(({ waited }) => waited ?? []);
  const gates = sumOf(waits.map((one) => one.gates));
  return gates === 0 ? null : Number((sumOf(waits.map(({ ms }) => ms)) / gates / 60_000).toFixed(1));
}

/** A line for each of those, the largest first. */
function linesBy(
  places: readonly (readonly TaskRow[])[],
  nameOf: (row: TaskRow) => string,
  amountOf: (row: TaskRow) => number,
): readonly ChartLine[] {
  const names = [...new Set(places.flat().map(nameOf))];
  const lines = names
    .map((name) => ({
      name,
      values: places.map((rows) => rounded(sumOf(rows.filter((row) => nameOf(row) === name).map(amountOf)))),
    }))
    .sort((one, other) => sumOf(other.values) - sumOf(one.values));
  if (lines.length <= LINES_MAX) return lines;
  const [shown, others] = [lines.slice(0, LINES_MAX - 1), lines.slice(LINES_MAX - 1)];
  const values = places.map((_, place) => rounded(sumOf(others.map((line) => line.values[place] ?? 0))));
  return [...shown, { name: `${others.length} others`, values }];
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
/** Sums of fractions have digits that nobody reads. */
const rounded = (value: number): number => Number(value.toFixed(4));

const hasValue = ({ values }: ChartLine): boolean => values.some((value) => value !== null && value !== 0);

/** Nothing to be drawn. */
export const isEmpty = ({ lines }: Chart): boolean => !lines.some(hasValue);
