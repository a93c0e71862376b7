/** What can go wrong between an agent and its provider, a row each: what the provider does, and what the engine makes of it. */

import { join } from 'node:path';
import type { Asked, Move, Play } from './play.ts';
import { provideAnthropic, provideChat, provideGemini, provideOpenAi } from './providers.ts';

/** How each agent is asked for on the command line. */
export const AGENTS = {
  claude: { provide: provideAnthropic, model: 'claude-sonnet-4-5' },
  codex: { provide: provideOpenAi, model: 'gpt-5-codex' },
  gemini: { provide: provideGemini, model: undefined },
  opencode: { provide: provideChat, model: undefined },
} as const;

export type Name = keyof typeof AGENTS;

export const NAMES = Object.keys(AGENTS) as Name[];

/** It keeps what its provider answers to itself and asks again, which cures what passes. */
const CURED = { rung: undefined, failure: undefined };

export const writesWell: Play = ({ afterTool }) =>
  afterTool ? { text: 'written' } : { run: 'printf well > out.txt' };

/** The fault at first, then everything is fine. */
export const once =
  (move: Move): Play =>
  (asked) =>
    asked.number === 1 ? move : works(asked);

/** Writes by its own tool for files; the workspace is where the agent says that it is. */
const works: Play = (asked) => {
  if (asked.afterTool) return { text: 'out.txt is written' };
  return { write: { path: join(workspaceIn(asked), 'out.txt'), text: 'well' } };
};

const workspaceIn = ({ body }: Asked): string => /[^\s"'\\<>]+\/workspaces\/[a-z0-9-]+/.exec(body)?.[0] ?? '';

export interface Row {
  readonly play: Play;
  /** Of the first attempt. */
  readonly failure?: Readonly<Record<string, unknown>> | undefined;
  /** Why the second attempt was started; none where there is none. */
  readonly rung?: string | undefined;
  readonly code: number;
  readonly more?: readonly string[];
  /** Done to the agent once its provider was asked. */
  readonly signal?: 'SIGINT' | 'SIGKILL';
  /** What is otherwise with one agent; null where it cannot have this row, which the conformance suite says instead. */
  readonly but?: Readonly<Partial<Record<Name, Partial<Row> | null>>>;
}

export const ROWS: Readonly<Record<string, Row>> = {
  fine: { play: works, code: 0 },
  'rate-limited': {
    play: once({ status: 429, headers: { 'retry-after': '1' } }),
    failure: { class: 'rate_limited', httpStatus: 429, retryAfterMs: 1_000 },
    // It keeps the header to itself, and so waits a minute: see below.
    but: { gemini: null, opencode: CURED },
    rung: 'resume',
    code: 0,
  },
  'server-error': {
    play: once({ status: 500 }),
    failure: { class: 'api_error', httpStatus: 500 },
    rung: 'resume',
    code: 0,
    but: { opencode: CURED },
  },
  unauthorized: {
    play: () => ({ status: 401 }),
    failure: { class: 'auth', httpStatus: 401 },
    code: 3,
    but: { opencode: null },
  },
  hangs: {
    play: once({ hang: true }),
    failure: { class: 'stalled' },
    rung: 'resume',
    code: 0,
    // Longer than each of them takes to start on a busy machine.
    more: ['--stall', '20'],
  },
  drops: {
    play: once({ drop: true }),
    failure: { class: 'api_error' },
    rung: 'resume',
    code: 0,
    but: { opencode: CURED },
  },
  overflows: {
    play: once({
      status: 400,
      code: 'context_length_exceeded',
      message: 'prompt is too long: exceeds the context window',
    }),
    failure: { class: 'context_overflow', httpStatus: 400 },
    rung: 'restart',
    code: 0,
    but: { opencode: null },
  },
  interrupted: {
    play: once({ hang: true }),
    signal: 'SIGINT',
    failure: { class: 'interrupted' },
    rung: 'resume',
    code: 0,
  },
  killed: {
    play: once({ hang: true }),
    signal: 'SIGKILL',
    failure: { class: 'interrupted' },
    rung: 'resume',
    code: 0,
  },
  'no-change': { play: () => ({ text: 'nothing to do' }), failure: { class: 'no_change' }, code: 1 },
  'false-claim': {
    play: (asked) =>
      asked.afterTool
        ? { text: 'All tests pass.' }
        : { write: { path: join(workspaceIn(asked), `wrong-${asked.number}.txt`), text: `${asked.number}` } },
    rung: 'fix',
    code: 1,
  },
};
