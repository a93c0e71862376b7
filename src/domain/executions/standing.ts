/** Why an execution takes no message as it stands, whatever the message says; undefined where it does. Pure. */
import type { ExecutionRecord } from './execution-record.ts';
import { type ExecutionState, isOver } from './execution-state.ts';

export function problemWithStanding({ id, status, why }: ExecutionRecord): string | undefined {
  if (isOver(status))
    return `execution ${id} is ${status}${why === undefined ? '' : `: ${why}`}; ${whatIsOver(id)}`;
  if (status === 'paused') return `execution ${id} is paused: resume it first`;
  return undefined;
}

/** It stays as it is, so that it can be looked at. */
export const whatIsOver = (id: string): string =>
  `what is over takes nothing any more: \`pawl show ${id}\` shows it, \`pawl run --loop\` or \`pawl execution start\` begins another`;

/** Why it does not go on by being resumed. */
export const problemWithResuming = ({ id, status, blockedBy }: ExecutionState): string | undefined =>
  status === 'blocked'
    ? `execution ${id} is blocked, and to resume it mends nothing: ${blockedBy}`
    : undefined;

/** For what only a decision does. */
export const problemWithDecider = (
  { mayDecide }: { readonly mayDecide?: false | undefined },
  what: string,
): string | undefined =>
  mayDecide === false ? `${what} is a decision: expected somebody with the scope approve` : undefined;
