/** Many executions open at once on one worker, each of two skills that a client does: one call to start it, one for each skill. */
import type { ExecutionGround } from './executions.ts';
import { type Figure, median } from './figures.ts';
import { residentMegabytes } from './memory.ts';
import { inParallel } from './parallel.ts';

/** Calls under way. */
const AT_ONCE = 20;

type Call = (number: number) => Promise<unknown>;
/** A start, and two messages of which the last one ends it. */
type Calls = readonly [start: Call, first: Call, second: Call];

export async function measureManyExecutions(ground: ExecutionGround, count: number): Promise<Figure[]> {
  const { api, bare, begin, pid } = ground;
  const done = (skill: string) => (number: number) => api.completeSkill({ id: idOf(number), skill });
  const bareId = (number: number) => `bare-many-${number}`;
  const before = await residentMegabytes(pid);
  let open = before;
  const pawl = await takeThrough(
    [(number) => begin(idOf(number), 'plain'), done('first'), done('second')],
    count,
    async () => {
      open = await residentMegabytes(pid);
    },
  );
  const sdk = await takeThrough(
    [
      (number) => bare.start(bareId(number)),
      (number) => bare.update(bareId(number)),
      (number) => bare.complete(bareId(number)),
    ],
    count,
  );
  const group = `${count} executions of two skills at once, ${AT_ONCE} calls under way`;
  return [
    { group, name: 'start p50', value: median(pawl.times[0]), unit: 'ms' },
    { group, name: 'skill completed p50', value: median([...pawl.times[1], ...pawl.times[2]]), unit: 'ms' },
    { group, name: 'executions', value: pawl.rate, unit: '/s' },
    { group, name: 'bare SDK workflows of as many calls', value: sdk.rate, unit: '/s' },
    { group, name: 'Pawl : bare', value: pawl.rate / sdk.rate, unit: 'ratio' },
    { group, name: 'memory of the engine before (RSS)', value: before, unit: 'MB' },
    { group, name: 'with all of them open', value: open, unit: 'MB' },
  ];
}

const idOf = (number: number) => `x_many-${number}`;

/** All are open before the first one ends. @param whileOpen is not timed */
async function takeThrough(
  calls: Calls,
  count: number,
  whileOpen: () => Promise<void> = async () => undefined,
) {
  const times: [number[], number[], number[]] = [[], [], []];
  let tookMs = 0;
  for (const [at, call] of calls.entries()) {
    if (at === calls.length - 1) await whileOpen();
    const startedMs = performance.now();
    await inParallel(count, AT_ONCE, async (number) => {
      const calledMs = performance.now();
      await call(number);
      times[at]?.push(performance.now() - calledMs);
    });
    tookMs += performance.now() - startedMs;
  }
  return { times, rate: count / (tookMs / 1_000) };
}
