/** Which kind of failure a call came to: from what it threw, or from what a tool of the engine answered. Pure. */
import { z } from 'zod';
import type { ErrorCode } from '../../../domain/failures.ts';
import { PawlError } from '../../../domain/failures.ts';
import { UnknownExecution } from '../../compat/loop/finding.ts';
import { isTimeout, OtherVersion, Unreachable } from '../../http/exchange.ts';
import { ToldNothing } from '../waiting.ts';
import type { FailureKind } from './after-failure.ts';

export function kindOfError(error: unknown): FailureKind {
  if (error instanceof Unreachable) return kindOfUnreachable(error);
  if (error instanceof UnknownExecution) return 'unknown_execution';
  if (error instanceof OtherVersion || error instanceof ToldNothing) return 'answered';
  // A bug of this process, which the same call meets again.
  if (!(error instanceof PawlError)) return 'answered';
  return kindOfCode(error.code);
}

/** The error that a tool of the engine answered; undefined for any other answer. */
export function errorIn(answer: unknown): z.infer<typeof Refusal>['structuredContent'] | undefined {
  return Refusal.safeParse(answer).data?.structuredContent;
}

const Refusal = z.looseObject({
  isError: z.literal(true),
  structuredContent: z.looseObject({ code: z.string(), message: z.string() }),
});

/** @param code of an error, by whatever way it came */
export const kindOfCode = (code: string): FailureKind => (AWAY.has(code) ? 'server_error' : 'answered');

const AWAY: ReadonlySet<string> = new Set<ErrorCode>(['unavailable', 'internal']);
const SERVER_ERRORS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

function kindOfUnreachable({ status, cause }: Unreachable): FailureKind {
  if (isTimeout(cause)) return 'silent';
  // What answers with success and is no engine has taken its port.
  if (status === undefined || status < 400) return 'refused';
  if (status === 404) return 'unknown_execution';
  return SERVER_ERRORS.has(status) ? 'server_error' : 'answered';
}
