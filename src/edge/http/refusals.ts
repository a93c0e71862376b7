/**
 * What only HTTP can refuse, before an operation is reached. `as` is the code of `ERROR_CODES` by which a caller in another
 * process knows it.
 */
import type { Context } from 'hono';
import { ERROR_CODES, type ErrorCode, PawlError } from '../../domain/failures.ts';

export const REFUSALS = {
  unauthorized: { httpStatus: 401, as: 'precondition' },
  forbidden: { httpStatus: 403, as: 'precondition' },
  too_large: { httpStatus: 413, as: 'invalid_input' },
  unsupported_media_type: { httpStatus: 415, as: 'invalid_input' },
} as const satisfies Record<string, { httpStatus: number; as: ErrorCode }>;
export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.headers = headers;
  }
}

const BUG = { code: 'internal', message: 'a bug in Pawl: see the engine log' } as const;

/** The one shape of an error; undefined for a bug, of which a caller learns nothing. */
function errorBodyOf(error: unknown): { code: string; message: string; details?: unknown } | undefined {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  if (!(error instanceof PawlError)) return undefined;
  const { code, message, details } = error;
  return { code, message, ...(details === undefined ? {} : { details }) };
}

/** Answers any error that a handler throws. */
export function answerError(context: Context, error: Error, onBug: (error: Error) => void): Response {
  const body = errorBodyOf(error);
  if (body === undefined) onBug(error);
  if (error instanceof Refusal) {
    return context.json({ error: body }, REFUSALS[error.code].httpStatus, { ...error.headers });
  }
  const code = error instanceof PawlError ? error.code : 'internal';
  return context.json({ error: body ?? BUG }, ERROR_CODES[code].httpStatus);
}
