/**
 * Tokens of attempts. An agent that is to report or to plan gets one in its environment; it is kept nowhere, says which
 * attempt it was made for, and falls with it.
 */
import { PawlError } from '../domain/failures.ts';
import type { Handlers } from '../domain/operations.ts';
import { AttemptRef, attemptCaller } from '../domain/scopes.ts';
import type { CallerOf } from '../edge/http/authentication.ts';
import { createTokenSeal, type TokenSeal } from './token-seal.ts';

/** @param secret of the home */
export const createAttemptTokens = (secret: string): TokenSeal<AttemptRef> =>
  createTokenSeal(secret, 'pawl tokens of attempts', AttemptRef);

/**
 * The tokens of attempts that run, then the others.
 * @param engine undefined while it starts
 * @throws PawlError `unavailable` while nobody can say whether the attempt runs
 */
export function withAttempts(
  tokens: TokenSeal<AttemptRef>,
  engine: () => Pick<Handlers, 'show'> | undefined,
  others: CallerOf,
): CallerOf {
  return async (text) => {
    const attempt = tokens.open(text);
    if (attempt === undefined) return others(text);
    return (await runs(attempt)) ? attemptCaller({ ...attempt, sealed: text }) : { problem: over(attempt) };
  };

  async function runs({ task, run, number }: AttemptRef): Promise<boolean> {
    const running = engine();
    if (running === undefined)
      throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
    try {
      const state = await running.show({ id: task });
      const latest = state.attempts.at(-1);
      return state.run === run && latest?.number === number && latest.outcome === 'running';
    } catch (error) {
      if (error instanceof PawlError && error.code === 'not_found') return false;
      throw error;
    }
  }
}

const over = ({ task, number }: AttemptRef): string =>
  `the token is that of attempt ${number} of the task ${task}, which does not run any more`;
