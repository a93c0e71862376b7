/** Whether the engine answers, and is the same one. */
import { z } from 'zod';
import { tool } from '../../mcp/tool.ts';
import { Answered, LOOKS } from './words.ts';

const PROBES = 3;

export const reconnectTest = tool({
  name: 'orchestrator_reconnect_test',
  title: 'Test the connection',
  description:
    'Asks the engine several times and tells whether it answered, how long it took, and whether it is the same one.',
  input: z.strictObject({
    session_id: z.string().min(1).max(100).optional(),
    include_buffer_status: z.boolean().default(true),
    include_reconnection_stats: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    test_completed: z.literal(true),
    overall_status: z.enum(['pass', 'fail']),
    results: z.looseObject({}),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, input) {
    const answers: { readonly ms: number; readonly pid: number | null; readonly error: string | null }[] = [];
    for (let probe = 0; probe < PROBES; probe += 1) {
      const startedMs = performance.now();
      const { pid, error } = await engine.vitals({}).then(
        (vitals) => ({ pid: vitals.pid, error: null }),
        (problem: unknown) => ({
          pid: null,
          error: problem instanceof Error ? problem.message : String(problem),
        }),
      );
      answers.push({ ms: performance.now() - startedMs, pid, error });
    }
    const { sessions } = await engine.sessions({});
    const wanted = input.session_id;
    const known = wanted === undefined || sessions.some(({ id }) => id === wanted);
    const passed = known && answers.every(({ error }) => error === null);
    const structured = {
      success: true as const,
      message: passed
        ? 'the engine answers'
        : known
          ? 'the engine does not answer'
          : `there is no session ${wanted}`,
      test_completed: true as const,
      overall_status: passed ? ('pass' as const) : ('fail' as const),
      results: {
        ...(wanted === undefined
          ? { all_sessions: { count: sessions.length } }
          : { session_test: { session_id: wanted, exists: known } }),
        // Calls are answered or refused; none is kept for later.
        ...(input.include_buffer_status ? { buffer_status: { buffered_calls: 0 } } : {}),
        ...(input.include_reconnection_stats
          ? {
              reconnection_stats: {
                probes: answers,
                same_engine: new Set(answers.map(({ pid }) => pid)).size === 1,
              },
            }
          : {}),
      },
      timestamp: new Date().toISOString(),
    };
    return { structured, text: structured.message };
  },
});
