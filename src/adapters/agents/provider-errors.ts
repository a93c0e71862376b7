/**
 * What a provider's refusal means for the recovery ladder. By HTTP status first; by words only where an agent hides the
 * status, and then by the words that its own source writes.
 */
import type { FailureClass } from '../../domain/failures.ts';

/** 400 to 599, or undefined for what is no refusal of a provider's. */
export function classOfStatus(status: number, text = ''): FailureClass | undefined {
  if (isOverflow(text) && (status === 400 || status === 413)) return 'context_overflow';
  if (status === 401) return 'auth';
  // A credential that is valid and not enough: nobody but a person changes that.
  if (status === 402 || status === 403) return 'auth';
  if (status === 408 || status === 409) return 'api_error';
  if (status === 413) return 'context_overflow';
  if (status === 429) return 'rate_limited';
  if (status >= 400 && status < 500) return 'invalid_output';
  return status >= 500 && status < 600 ? 'api_error' : undefined;
}

const OVERFLOW =
  /prompt is too long|ContextOverflowError|maximum number of tokens|context[ _](?:length|window)|maximum context|too many tokens|input is too long/i;
export const isOverflow = (text: string): boolean => OVERFLOW.test(text);

/** `Retry-After` as a provider sends it: seconds, or a date. */
export function retryAfterMsOf(header: string, now: number): number | undefined {
  const seconds = Number(header);
  if (header.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, Math.round(seconds * 1_000));
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
