/** Why an execution takes no message as it stands, whatever the message says; undefined where it does. Pure. */
import type { ExecutionRecord } from './execution-record.ts';
import { isOver } from './execution-state.ts';

export function problemWithStanding({ id, status, why }: ExecutionRecord): string | undefined {
  if (isOver(status)) return `execution ${id} is ${status}${why === undefined ? '' : `: ${why}`}`;
  if (status === 'paused') return `execution ${id} is paused: resume it first`;
  return undefined;
}

/** For what only a decision does. */
export const problemWithDecider = (
  { mayDecide }: { readonly mayDecide?: false | undefined },
  what: string,
): string | undefined =>
  mayDecide === false ? `${what} is a decision: expected somebody with the scope approve` : undefined;
