/** What people read of a gate, in the terminal and on the live page. Pure, and without schemas: the page loads it. */
import type { Gate } from './task-state.ts';

/** Why a gate does not count any more. The engine gives no reason where only the base has moved. */
export const whyStale = ({ reason }: Pick<Gate, 'reason'>): string => reason ?? 'the base branch has moved';

/** Whoever sends a signal to Temporal directly was authenticated by nobody. */
export const viaWords = (via: string): string =>
  ({ signal: 'signal (unauthenticated)', 'mcp-allow-approve': 'mcp (--allow-approve)' })[via] ?? via;
