/** Restarts of the worker. */
import { z } from 'zod';
import { Restart, type Vitals } from '../../../domain/engine-vitals.ts';
import { PawlError } from '../../../domain/failures.ts';
import { tool } from '../../mcp/tool.ts';
import { Answered, LOOKS, RESTART_REASONS } from './words.ts';

export const restartServer = tool({
  name: 'orchestrator_restart_server',
  title: 'Restart the worker',
  description:
    'Ends the worker gracefully and begins it anew; attempts that run are handed over. Answers at once: orchestrator_restart_status follows it.',
  input: z.strictObject({
    graceful: z.boolean().default(true),
    preserve_state: z.boolean().default(true),
    timeout: z.int().min(10).max(300).default(30),
    reason: z.enum(RESTART_REASONS).default('manual_request'),
  }),
  output: z.looseObject({
    ...Answered,
    graceful: z.literal(true),
    preserve_state: z.literal(true),
    timeout: z.int(),
    reason: z.string(),
    restart: Restart,
  }),
  hints: { readOnly: false, destructive: false, idempotent: false },
  keeps: 'whole',
  needsAnswer: true,
  async call(engine, { graceful, preserve_state: preserve, timeout, reason }, context) {
    if (!graceful || !preserve) {
      const field = graceful ? 'preserve_state' : 'graceful';
      throw new PawlError(
        'precondition',
        `${field}: a restart always hands over what runs and keeps all state`,
        {
          details: [[field]],
        },
      );
    }
    const restart = await engine.restart({ reason, timeoutSeconds: timeout }, context.keyed?.context);
    const message = `restart ${restart.number} is ${restart.phase === 'stopping' ? 'under way' : restart.phase}`;
    return {
      structured: {
        success: true as const,
        message,
        graceful: true as const,
        preserve_state: true as const,
        timeout,
        reason,
        restart,
      },
      text: `${message}: orchestrator_restart_status tells when it is done`,
    };
  },
});

/** Where a restart stands, in the words of the tools. */
function phaseOf({ restarts, worker }: Vitals): readonly [phase: string, progress: number] {
  switch (restarts.at(-1)?.phase) {
    case undefined:
      return ['idle', 0];
    case 'stopping':
      // The old worker runs until what it does is handed over.
      return worker.state === 'running' ? ['preparing', 25] : ['starting_process', 50];
    case 'done':
      return ['complete', 100];
    case 'failed':
      return ['failed', 100];
  }
}

export const restartStatus = tool({
  name: 'orchestrator_restart_status',
  title: 'How far is the restart?',
  description: 'The latest restart of the worker since the engine started, and on request those before.',
  input: z.strictObject({
    include_history: z.boolean().default(false),
    include_error_details: z.boolean().default(true),
  }),
  output: z.looseObject({
    ...Answered,
    current_status: z.object({
      phase: z.string(),
      progress: z.number(),
      message: z.string(),
      started_at: z.string().nullable(),
      finished_at: z.string().nullable(),
      errors: z.array(z.string()),
    }),
    history: z
      .object({
        recent_restarts: z.array(Restart),
        total_restarts: z.int(),
        last_successful_restart: z.string().nullable(),
      })
      .optional(),
    timestamp: z.string(),
  }),
  hints: LOOKS,
  async call(engine, { include_history: withHistory, include_error_details: withErrors }) {
    const vitals = await engine.vitals({});
    const { restarts, worker } = vitals;
    const last = restarts.at(-1);
    const [phase, progress] = phaseOf(vitals);
    const message =
      last === undefined
        ? 'no restart since the engine started'
        : `${last.reason}: ${last.phase}, the worker is ${worker.state}`;
    const structured = {
      success: true as const,
      message,
      current_status: {
        phase,
        progress,
        message,
        started_at: last?.requestedAt ?? null,
        finished_at: last?.finishedAt ?? null,
        errors: withErrors && last?.error !== undefined ? [last.error] : [],
      },
      ...(withHistory
        ? {
            history: {
              recent_restarts: restarts,
              total_restarts: last?.number ?? 0,
              last_successful_restart: restarts.findLast((one) => one.phase === 'done')?.finishedAt ?? null,
            },
          }
        : {}),
      timestamp: new Date().toISOString(),
    };
    return { structured, text: message };
  },
});
