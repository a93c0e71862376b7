/**
 * What the token of an adapter may do, asked of the engine once: nobody is asked to decide, or to choose what to do while the engine
 * is away, about a call that the engine would refuse.
 */
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { type Caller, SCOPES } from '../../domain/scopes.ts';
import type { AskText } from './far-tools.ts';

/** Answers whose token a request brings. */
export const CALLER_PATH = '/mcp/caller';

export type KnownCaller = Pick<Caller, 'name' | 'scopes'>;

const Answer = z.looseObject({ name: z.string(), scopes: z.array(z.string()) });

/** Undefined where an older engine cannot say it: it refuses by itself. @throws PawlError `unavailable`, or why the token is not taken */
export type AskCaller = () => Promise<KnownCaller | undefined>;

/** A token keeps its scopes as long as it is taken, so one answer is enough. */
export function askCallerBy(ask: AskText): AskCaller {
  let known: KnownCaller | undefined;
  return async () => {
    known ??= await read(ask);
    return known;
  };
}

async function read(ask: AskText): Promise<KnownCaller | undefined> {
  // Whoever calls next needs the answer as well, so it is nobody's to give up.
  const { signal } = new AbortController();
  try {
    const { name, scopes } = Answer.parse(
      JSON.parse(await ask({ method: 'GET', path: CALLER_PATH, signal })),
    );
    return { name, scopes: SCOPES.filter((scope) => scopes.includes(scope)) };
  } catch (error) {
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  }
}
