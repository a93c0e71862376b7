/**
 * Lifecycles (start, update, complete) a second, one at a time and in parallel, and how long each message takes. Rounds
 * of the two alternate, so that what else the machine does hits both; the ratio is the median of the rounds' ratios.
 */
import { type Contender, pawlTasks, withBareWorkflows } from './contenders.ts';
import type { Bench } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';

export interface LifecycleCounts {
  readonly rounds: number;
  /** Of one contender in one round; as many again in the parallel part, times `parallelTimes`. */
  readonly perRound: number;
  readonly parallelTimes: number;
}

const AT_ONCE = 20;
const MESSAGES = ['start', 'update', 'query'] as const;
type Timings = Record<(typeof MESSAGES)[number], number[]>;

export async function measureLifecycles(bench: Bench, counts: LifecycleCounts): Promise<Figure[]> {
  const { rounds, perRound, parallelTimes } = counts;
  return withBareWorkflows(bench, async (bare) => {
    const pair = [pawlTasks(bench), bare] as const;
    // The first of each fills caches and compiles code.
    for (const one of pair) await lifecycles(one, perRound, AT_ONCE);
    const alone = await race(pair, rounds, (one) => lifecycles(one, perRound, 1));
    const parallel = await race(pair, rounds, (one) => lifecycles(one, perRound * parallelTimes, AT_ONCE));
    const times = { Pawl: await timeMessages(pair[0], perRound), bare: await timeMessages(bare, perRound) };
    return [
      ...rateFigures('one at a time', alone),
      ...rateFigures(`${AT_ONCE} in parallel`, parallel),
      ...(['Pawl', 'bare'] as const).flatMap((name) => timeFigures(name, times[name])),
    ];
  });
}

/** Rates of both, round by round; who goes first changes with each. */
async function race(
  [pawl, bare]: readonly [Contender, Contender],
  rounds: number,
  rateOf: (one: Contender) => Promise<number>,
): Promise<{ readonly pawl: readonly number[]; readonly bare: readonly number[] }> {
  const rates = { pawl: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) rates.pawl.push(await rateOf(pawl));
    rates.bare.push(await rateOf(bare));
    if (round % 2 === 1) rates.pawl.push(await rateOf(pawl));
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

function rateFigures(how: string, { pawl, bare }: Awaited<ReturnType<typeof race>>): Figure[] {
  const group = `lifecycles of start, update, complete, ${how}`;
  const ratios = pawl.map((rate, round) => rate / (bare[round] ?? Number.NaN));
  return [
    { group, name: 'Pawl', value: median(pawl), unit: '/s' },
    { group, name: 'bare SDK workflow', value: median(bare), unit: '/s' },
    { group, name: 'Pawl : bare', value: median(ratios), unit: 'ratio', aim: '≥ 0.9' },
  ];
}

const timeFigures = (name: 'Pawl' | 'bare', timings: Timings): Figure[] =>
  MESSAGES.flatMap((message) =>
    ([50, 95] as const).map((percent) => ({
      group: `one message, ${name === 'bare' ? 'bare SDK workflow' : name}`,
      name: `${message} p${percent}`,
      value: quantile(timings[message], percent / 100),
      unit: 'ms' as const,
    })),
  );
