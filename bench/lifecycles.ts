/**
 * Lifecycles (start, update, complete) a second, one at a time and in parallel, and how long each message takes. Rounds
 * take turns, so that what else the machine does hits both; the ratio is the median of the rounds' ratios.
 */
import { type Contender, pawlTasks, withBareWorkflows } from './contenders.ts';
import type { Bench } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';

export interface LifecycleCounts {
  /** Of each contender, before anything is timed. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Of one contender in one round; as many again in the parallel part, times `parallelTimes`. */
  readonly perRound: number;
  readonly parallelTimes: number;
}

const AT_ONCE = 20;
const MESSAGES = ['start', 'update', 'query'] as const;
type Timings = Record<(typeof MESSAGES)[number], number[]>;

export async function measureLifecycles(bench: Bench, counts: LifecycleCounts): Promise<Figure[]> {
  const { warmUp, rounds, perRound, parallelTimes } = counts;
  return withBareWorkflows(bench, async (bare, listed, upserting) => {
    const pawl = pawlTasks(bench);
    const all = [pawl, bare, listed, upserting];
    // The first of each fill caches and have code compiled: an engine runs for days.
    for (const one of all) await lifecycles(one, warmUp, AT_ONCE);
    const alone = await race(all, rounds, (one) => lifecycles(one, perRound, 1));
    const parallel = await race(all, rounds, (one) => lifecycles(one, perRound * parallelTimes, AT_ONCE));
    return [
      ...rateFigures('one at a time', '≥ 0.95', alone),
      ...rateFigures(`${AT_ONCE} in parallel`, '≥ 0.9', parallel),
      ...timeFigures('a task of Pawl', await timeMessages(pawl, perRound)),
      ...timeFigures('a bare SDK workflow', await timeMessages(bare, perRound)),
    ];
  });
}

type Rates = Readonly<Record<Contender['name'], number[]>>;

/** Rates of all, round by round; who goes first changes with each. */
async function race(
  all: readonly Contender[],
  rounds: number,
  rateOf: (one: Contender) => Promise<number>,
): Promise<Rates> {
  const rates: Rates = { Pawl: [], bare: [], listed: [], upserting: [] };
  for (let round = 0; round < rounds; round += 1) {
    const first = round % all.length;
    for (const one of [...all.slice(first), ...all.slice(0, first)]) rates[one.name].push(await rateOf(one));
  }
  return rates;
}

/** @returns lifecycles a second */
async function lifecycles(one: Contender, count: number, atOnce: number): Promise<number> {
  const ids = Array.from({ length: count }, () => newId(one));
  const startedMs = performance.now();
  const runner = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      await one.start(id);
      await one.update(id);
      await one.complete(id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runner));
  return count / ((performance.now() - startedMs) / 1_000);
}

async function timeMessages(one: Contender, count: number): Promise<Timings> {
  const timings: Timings = { start: [], update: [], query: [] };
  for (let done = 0; done < count; done += 1) {
    const id = newId(one);
    for (const message of MESSAGES) {
      const startedMs = performance.now();
      await one[message](id);
      timings[message].push(performance.now() - startedMs);
    }
    await one.complete(id);
  }
  return timings;
}

let count = 0;
const newId = ({ name }: Contender): string => {
  count += 1;
  return `${name.toLowerCase()}-${count}`;
};

function rateFigures(how: string, aim: string, { Pawl, bare, listed, upserting }: Rates): Figure[] {
  const group = `lifecycles of start, update, complete, ${how}`;
  const to = (others: readonly number[]) =>
    median(Pawl.map((rate, round) => rate / (others[round] ?? Number.NaN)));
  return [
    { group, name: 'Pawl', value: median(Pawl), unit: '/s' },
    { group, name: 'bare SDK workflow', value: median(bare), unit: '/s' },
    { group, name: 'bare with its status upserted', value: median(listed), unit: '/s' },
    { group, name: 'bare with the upserts of a task', value: median(upserting), unit: '/s' },
    { group, name: 'Pawl : bare', value: to(bare), unit: 'ratio' },
    { group, name: 'Pawl : bare, status upserted', value: to(listed), unit: 'ratio' },
    { group, name: 'Pawl : bare, the same upserts', value: to(upserting), unit: 'ratio', aim },
  ];
}

const timeFigures = (what: string, timings: Timings): Figure[] =>
  MESSAGES.flatMap((message) =>
    ([50, 95] as const).map((percent) => ({
      group: `one message to ${what}`,
      name: `${message} p${percent}`,
      value: quantile(timings[message], percent / 100),
      unit: 'ms' as const,
    })),
  );
