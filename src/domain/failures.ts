/**
 * Two tables of what can go wrong. FAILURE_CLASSES says why an attempt or step of a task failed: the recovery
 * ladder reads it. ERROR_CODES is what a caller of an operation gets: every edge reads its columns.
 */
import { z } from 'zod';
import { LIMITS } from './limits.ts';

/** Classes come from facts (exit status, protocol fields, git state) before words. */
export const FAILURE_CLASSES = [
  'interrupted',
  'timeout',
  'stalled',
  'rate_limited',
  'api_error',
  'auth',
  'git',
  'permission',
  'check_failed',
  'no_change',
  'invalid_output',
  'context_overflow',
  'worker_lost',
  'rejected',
  'conflict',
  'blocked',
  'setup_failed',
  'disk_full',
  'unknown',
] as const;
export const FailureClass = z.enum(FAILURE_CLASSES);
export type FailureClass = z.infer<typeof FailureClass>;

/** Something that an agent wants to do and may not without a person. */
export const Permission = z.object({
  /** The same for the same wish, also when the agent has it again in another attempt. Opaque but to its adapter. */
  id: z.string(),
  /** For a person to decide on: what exactly would be done. */
  title: z.string(),
});
export type Permission = z.infer<typeof Permission>;

/** Why a task or an attempt failed, in words a person can act on. `output` is the tail of what was printed. */
export const Failure = z.object({
  class: FailureClass,
  message: z.string(),
  output: z.string().optional(),
  /** What the provider answered, where that was the cause and the agent told it: 100 to 599. */
  httpStatus: z.int().optional(),
  /** How long the provider asked to be left alone. */
  retryAfterMs: z.number().optional(),
  /** What the agent was not allowed to do: a person may grant it, and the same session goes on. */
  permission: Permission.optional(),
});
export type Failure = z.infer<typeof Failure>;

/** What an operation can answer instead of a result. `exitCode` is the CLI's, `httpStatus` the API's. */
export const ERROR_CODES = {
  invalid_input: { httpStatus: 422, exitCode: 2 },
  not_found: { httpStatus: 404, exitCode: 2 },
  conflict: { httpStatus: 409, exitCode: 1 },
  precondition: { httpStatus: 412, exitCode: 2 },
  unauthorized: { httpStatus: 401, exitCode: 2 },
  forbidden: { httpStatus: 403, exitCode: 2 },
  unavailable: { httpStatus: 503, exitCode: 1 },
  internal: { httpStatus: 500, exitCode: 1 },
} as const satisfies Record<string, { httpStatus: number; exitCode: number }>;
export type ErrorCode = keyof typeof ERROR_CODES;

/** An answer of Pawl's that is not a result: said in one line, with what to do next; never a bug. */
export class PawlError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PawlError';
    this.code = code;
    this.details = options.details;
  }
}

const Pause = z.object({ retryAfterMs: z.number().min(0) });

/** How long the far side wants to be left alone, where it said so; bounded, in milliseconds. */
export function pauseMsOf({ details }: PawlError): number | undefined {
  const pause = Pause.safeParse(details);
  return pause.success ? Math.min(pause.data.retryAfterMs, LIMITS.stepPauseMsMax) : undefined;
}
