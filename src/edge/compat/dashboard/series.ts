/** How tasks went over time, by steps of the same length. Pure. */
import { z } from 'zod';
import { FailureClass } from '../../../domain/failures.ts';
import type { TaskRow } from '../../../domain/rows.ts';

export const Bucket = z.object({
  from: z.iso.datetime(),
  started: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  attempts: z.int().describe('of the tasks that ended in it'),
  failures: z.partialRecord(FailureClass, z.int()),
  gates: z
    .object({ decided: z.int(), mean_wait_seconds: z.number().nullable() })
    .describe('of the tasks that ended in it'),
  usage: z
    .record(z.string(), z.object({ tasks: z.int(), tokens: z.int(), cost_usd: z.number() }))
    .describe('of the tasks that ended in it, by agent; unknown for tasks from before lists had it'),
});
type Bucket = z.infer<typeof Bucket>;

interface Steps {
  readonly stepMs: number;
  readonly steps: number;
  readonly now: Date;
}

/** The oldest first; the last one holds `now`. A step begins at whole hours or days of UTC. */
export function seriesOf(rows: readonly TaskRow[], { stepMs, steps, now }: Steps): Bucket[] {
  const last = Math.floor(now.getTime() / stepMs);
  const placeOf = (text: string | undefined) =>
    text === undefined ? undefined : Math.floor(Date.parse(text) / stepMs);
  const started = Map.groupBy(rows, ({ startedAt }) => placeOf(startedAt));
  const ended = Map.groupBy(rows, ({ closedAt }) => placeOf(closedAt));
  return Array.from({ length: steps }, (_, index) => {
    const place = last - steps + 1 + index;
    return {
      from: new Date(place * stepMs).toISOString(),
      started: started.get(place)?.length ?? 0,
      ...endedOf(ended.get(place) ?? []),
    };
  });
}

function endedOf(rows: readonly TaskRow[]): Omit<Bucket, 'from' | 'started'> {
  const of = (status: TaskRow['status']) => rows.filter((row) => row.status === status).length;
  return {
    completed: of('completed'),
    failed: of('failed'),
    cancelled: of('cancelled'),
    attempts: rows.reduce((sum, { attempt = 0 }) => sum + attempt, 0),
    failures: countBy(rows.flatMap(({ failureClass }) => failureClass ?? [])),
    gates: waitsOf(rows),
    usage: usageOf(rows),
  };
}

const countBy = <K extends string>(values: readonly K[]): Partial<Record<K, number>> =>
  Object.fromEntries(
    [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]),
  ) as Partial<Record<K, number>>; // the values themselves are its keys

export function waitsOf(rows: readonly TaskRow[]): Bucket['gates'] {
  const decided = rows.reduce((sum, { waited }) => sum + (waited?.gates ?? 0), 0);
  const ms = rows.reduce((sum, { waited }) => sum + (waited?.ms ?? 0), 0);
  return { decided, mean_wait_seconds: decided === 0 ? null : ms / decided / 1_000 };
}

function usageOf(rows: readonly TaskRow[]): Bucket['usage'] {
  const used = Map.groupBy(
    rows.filter(({ usage }) => usage !== undefined),
    ({ agent = 'unknown' }) => agent,
  );
  return Object.fromEntries(
    [...used].map(([agent, all]) => [
      agent,
      {
        tasks: all.length,
        tokens: all.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0),
        cost_usd: Number(all.reduce((sum, { usage }) => sum + (usage?.costUsd ?? 0), 0).toFixed(6)),
      },
    ]),
  );
}
