/**
 * What only HTTP can refuse, before an operation is reached. `as` is the code of `ERROR_CODES` by which a caller in another
 * process knows it.
 */
import type { Context } from 'hono';
import { ERROR_CODES, type ErrorCode, PawlError, pauseMsOf } from '../../domain/failures.ts';

export const REFUSALS = {
  no_text: { httpStatus: 400, as: 'invalid_input' },
  too_large: { httpStatus: 413, as: 'invalid_input' },
  upgrade_required: { httpStatus: 426, as: 'invalid_input' },
  unsupported_media_type: { httpStatus: 415, as: 'invalid_input' },
} as const satisfies Record<string, { httpStatus: number; as: ErrorCode }>;
export type RefusalCode = keyof typeof REFUSALS;

export class Refusal extends Error {
  readonly code: RefusalCode | 'unauthorized';
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: Refusal['code'], message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.headers = headers;
  }
}

export interface PublicError {
  readonly code: ErrorCode | RefusalCode;
  readonly message: string;
  readonly details?: unknown;
}

/** The one shape of an error. Of a bug a caller learns no more than that there is one. */
export function publicErrorOf(error: unknown, onBug: (error: Error) => void): PublicError {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  if (error instanceof PawlError) {
    const { code, message, details } = error;
    return { code, message, ...(details === undefined ? {} : { details }) };
  }
  onBug(error instanceof Error ? error : new Error(`not an error was thrown: ${String(error)}`));
  return { code: 'internal', message: 'a bug in Pawl: see the engine log' };
}

/** Answers whatever a handler throws. */
export function answerError(context: Context, thrown: Error, onBug: (error: Error) => void): Response {
  const error = publicErrorOf(thrown, onBug);
  return context.json({ error }, STATUS[error.code].httpStatus, headersOf(thrown));
}

function headersOf(thrown: Error): Record<string, string> {
  if (thrown instanceof Refusal) return { ...thrown.headers };
  const pauseMs = thrown instanceof PawlError ? pauseMsOf(thrown) : undefined;
  return pauseMs === undefined ? {} : { 'Retry-After': String(Math.ceil(pauseMs / 1_000)) };
}

const STATUS = { ...ERROR_CODES, ...REFUSALS } as const;
export const PUBLIC_CODES = Object.keys(STATUS);
