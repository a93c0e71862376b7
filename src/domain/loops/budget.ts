/** What a loop or a skill may spend: money, time by the clock, attempts of agents. */
import { z } from 'zod';
import { Span } from './spans.ts';

export const ATTEMPTS_MAX = 10_000;

export const Budget = z.strictObject({
  usd: z.number().positive().max(1_000_000).optional().describe('what its agents may cost'),
  wall: Span.optional().describe('how long it may take by the clock, waiting for people not counted'),
  attempts: z
    .int()
    .min(1)
    .max(ATTEMPTS_MAX)
    .optional()
    .describe('how many attempts its agents may make in all'),
});
/** `wall` in milliseconds. */
export type Budget = z.output<typeof Budget>;
