/** Totals over all tasks, and how they went over time: made of the rows that the engine has in memory. */
import { z } from 'zod';
import { route } from './route.ts';
import { Bucket, seriesOf, waitsOf } from './series.ts';
import { HEALTH_WORDS, healthScore, listed, meanOf, tallyOf } from './tallies.ts';

const HOUR_MS = 60 * 60_000;
const STEP_MS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
const STEPS_MAX = 366;

export const metrics = route({
  name: 'metrics',
  summary: 'Count how tasks went: in all, and by hour or day',
  method: 'GET',
  path: '/api/metrics',
  scope: 'read',
  input: z.strictObject({
    step: z.enum(['hour', 'day']).default('hour'),
    steps: z.int().min(1).max(STEPS_MAX).default(24).describe('how many of them, the last one is now'),
  }),
  output: z.object({
    metrics: z.object({
      total_tasks: z.int(),
      completed_tasks: z.int(),
      completion_rate: z.number().describe('completed of all, 0 to 1; of none 0'),
      average_completion_time: z
        .number()
        .nullable()
        .describe('seconds from the start of a task to its completion; null before the first'),
      active_agents: z.int(),
      health_score: z.int().describe(HEALTH_WORDS),
    }),
    series: z.array(Bucket).describe('the oldest first; times are UTC'),
    gates: z
      .object({
        open: z.int(),
        decided: z.int(),
        mean_wait_seconds: z.number().nullable(),
        tasks_known: z.int(),
      })
      .describe('waits of decided gates are known of the tasks that have changed since the engine started'),
  }),
  async answer({ calls, host, now }, { step, steps }) {
    const [rows, vitals] = await Promise.all([host.rows(), calls.vitals({})]);
    const completed = rows.filter(({ status }) => status === 'completed');
    const times = completed.flatMap(({ startedAt, closedAt }) =>
      closedAt === undefined ? [] : (Date.parse(closedAt) - Date.parse(startedAt)) / 1_000,
    );
    return {
      metrics: {
        total_tasks: rows.length,
        completed_tasks: completed.length,
        completion_rate: rows.length === 0 ? 0 : completed.length / rows.length,
        average_completion_time: meanOf(times) ?? null,
        active_agents: tallyOf(rows).byAgent.size,
        health_score: healthScore(listed(rows), vitals),
      },
      series: seriesOf(rows, { stepMs: STEP_MS[step], steps, now }),
      gates: {
        open: rows.reduce((sum, { gates = [] }) => sum + gates.length, 0),
        ...waitsOf(rows),
        tasks_known: rows.filter(({ waited }) => waited !== undefined).length,
      },
    };
  },
});
