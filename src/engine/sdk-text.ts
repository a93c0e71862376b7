/** What Temporal's SDK says, as text of the engine's log: a failure that Pawl tells people of anyway in one line. Pure. */
import { inspect } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { LogEntry } from '@temporalio/worker';
import { FailureClass } from '../domain/failures.ts';

export function sdkText({ level, timestampNanos, message, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return `${time} ${level} ${message}${stepText(meta) ?? detailsOf(meta)}\n`;
}

const detailsOf = (meta: LogEntry['meta']): string =>
  meta === undefined ? '' : ` ${inspect(meta, { breakLength: Number.POSITIVE_INFINITY })}`;

/** Of a step that failed as steps do. What is behind it, an adapter may have thrown: that is for who looks for a bug. */
function stepText(meta: LogEntry['meta']): string | undefined {
  const error: unknown = meta?.error;
  if (!(error instanceof ApplicationFailure) || error.cause !== undefined) return undefined;
  if (!FailureClass.safeParse(error.type).success) return undefined;
  const { activityType, workflowId, attempt } = meta ?? {};
  const words = `${error.type}: ${error.message}`.replace(/\s+/g, ' ');
  return `: ${activityType} of ${workflowId}, attempt ${attempt}: ${words}`;
}
