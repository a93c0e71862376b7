/** What an adapter does after a call that failed, as a table. Pure. */

/** How often it is made again before the person is asked: after each of the delays, once, or not at all. */
const RETRIED = {
  /** Nobody listens there, or somebody else does. */
  refused: 'each',
  /** It was waited for in vain. */
  silent: 'each',
  /** Status 500, 502, 503 or 504, of the engine or of what stands in front of it. */
  server_error: 'each',
  /** Status 404 for an execution: an engine that was just started may not have it yet. */
  unknown_execution: 'once',
  /** Anything else is an answer: the same call is answered the same. */
  answered: 'never',
} as const satisfies Record<string, 'each' | 'once' | 'never'>;
export type FailureKind = keyof typeof RETRIED;

/** `wait` and call again; `ask` the person; `answer` what the call came to. */
export type Next =
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'ask' }
  | { readonly act: 'answer' };

/**
 * @param failures what each try of this call came to, the last one last
 * @param delaysMs before the second try, the third, …
 */
export function afterFailure(failures: readonly FailureKind[], delaysMs: readonly number[]): Next {
  const last = failures.at(-1) ?? 'answered';
  const ms = delaysMs[failures.length - 1];
  const answer = { act: 'answer' } as const;
  switch (RETRIED[last]) {
    case 'never':
      return answer;
    case 'once': {
      const isFirst = failures.indexOf(last) === failures.length - 1;
      return isFirst && ms !== undefined ? { act: 'wait', ms } : answer;
    }
    case 'each':
      return ms === undefined ? { act: 'ask' } : { act: 'wait', ms };
    default:
      return RETRIED[last] satisfies never;
  }
}
