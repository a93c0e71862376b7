/** Whether the engine is reached anew, and is the same one. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import type { Calls } from '../../../domain/operations.ts';
import { type ReconnectableCalls, tool } from '../../mcp/tool.ts';
import { Answered, LOOKS } from './words.ts';

const Probe = z.object({
  ms: z.number(),
  pid: z.int().nullable(),
  started_at: z.string().nullable(),
  error: z.string().nullable(),
});
type Probe = z.infer<typeof Probe>;

const Stats = z.object({
  /** Over the connection that was there, and over the one that was just made. */
  before: Probe,
  after: Probe,
  reconnected: z.boolean(),
  reconnect_ms: z.number().nullable(),
  /** Null where one of them did not answer. */
  same_engine: z.boolean().nullable(),
  note: z.string().nullable(),
});

export const reconnectTest = tool({
  name: 'orchestrator_reconnect_test',
  title: 'Test the connection',
  description:
    'Looks up where the engine is, opens a new connection to it, which is used from then on, and tells how long that took and whether it is the same engine as before.',
  input: z.strictObject({
    session_id: z.string().min(1).max(100).optional(),
    include_buffer_status: z.boolean().default(true),
    include_reconnection_stats: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    test_completed: z.literal(true),
    overall_status: z.enum(['pass', 'fail']),
    results: z.looseObject({ reconnection_stats: Stats.optional() }),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const stats = await reconnect(engine);
    const answers = stats.after.error === null;
    const { session_id: wanted } = input;
    const sessions = answers ? (await engine.sessions({})).sessions : [];
    const known = wanted === undefined || sessions.some(({ id }) => id === wanted);
    const structured = {
      success: true as const,
      message: messageOf(stats, known ? undefined : wanted),
      test_completed: true as const,
      overall_status: answers && known ? ('pass' as const) : ('fail' as const),
      results: {
        ...(wanted === undefined
          ? { all_sessions: { count: sessions.length } }
          : { session_test: { session_id: wanted, exists: known } }),
        // What an adapter kept while the engine was away it has sent before this call.
        ...(input.include_buffer_status ? { buffer_status: { buffered_calls: 0 } } : {}),
        ...(input.include_reconnection_stats ? { reconnection_stats: stats } : {}),
      },
      timestamp: new Date().toISOString(),
    };
    return { structured, text: structured.message };
  },
});

const NOTHING_BETWEEN =
  'these tools are served by the engine itself: no connection lies between them that could be made anew';

async function reconnect(engine: ReconnectableCalls): Promise<z.infer<typeof Stats>> {
  const before = await probe(engine);
  if (engine.reconnect === undefined) {
    const after = await probe(engine);
    return statsOf({ before, after, reconnected: false, reconnect_ms: null, note: NOTHING_BETWEEN });
  }
  const startedMs = performance.now();
  const error = await problemOf(engine.reconnect());
  const ms = performance.now() - startedMs;
  // Where the way there is not open, nothing can be asked over it.
  const after = error === null ? await probe(engine) : { ms, pid: null, started_at: null, error };
  return statsOf({ before, after, reconnected: error === null, reconnect_ms: ms, note: null });
}

function statsOf(measured: Omit<z.infer<typeof Stats>, 'same_engine'>): z.infer<typeof Stats> {
  const { before, after } = measured;
  const both = before.error === null && after.error === null;
  // A number of a process may be used again.
  const same = before.pid === after.pid && before.started_at === after.started_at;
  return { ...measured, same_engine: both ? same : null };
}

async function probe(engine: Calls): Promise<Probe> {
  const startedMs = performance.now();
  let found = { pid: null, started_at: null } as Pick<Probe, 'pid' | 'started_at'>;
  const error = await problemOf(
    engine.vitals({}).then(({ pid, startedAt }) => {
      found = { pid, started_at: startedAt };
    }),
  );
  return { ms: performance.now() - startedMs, ...found, error };
}

/** A refusal is what is looked for; anything else is a bug. */
async function problemOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof PawlError) return error.message;
    throw error;
  }
}

function messageOf(
  { reconnected, reconnect_ms: ms, same_engine: same, after }: z.infer<typeof Stats>,
  missing: string | undefined,
): string {
  if (after.error !== null) return `the engine does not answer: ${after.error}`;
  if (missing !== undefined) return `the engine answers, and has no session ${missing}`;
  if (!reconnected) return `the engine answers; ${NOTHING_BETWEEN}`;
  return `a new connection reached ${whichEngine(same)} in ${Math.ceil(ms ?? 0)} ms`;
}

function whichEngine(same: boolean | null): string {
  if (same === null) return 'the engine, which did not answer before,';
  return same ? 'the same engine as before' : 'another engine than before';
}
