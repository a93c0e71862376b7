/** Whose token a request brings: the one place that decides it. What its holder may do: `domain/scopes.ts`. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { placeOfMark } from '../../domain/marks.ts';
import { type Caller, localCaller, SCOPES_OF } from '../../domain/scopes.ts';
import { PROCESS_HEADER } from './client-id.ts';
import { Refusal } from './refusals.ts';

/**
 * Who was given the token, or why it is not taken.
 * @param mark what the program that asks says of where it runs
 */
export type CallerOf = (token: string, mark?: string) => Promise<Caller | NotTaken>;

interface NotTaken {
  readonly problem: string;
  /** What to do, where that is something else than for most. */
  readonly remedy?: string;
}

/** What the local user's token can be made into, by a program that has it. */
export const LESSER = ['read', 'operate'] as const;
export type Lesser = (typeof LESSER)[number];

/** A token that may do less, made from the local user's: it is kept nowhere, and falls with it. */
export const lesserToken = (token: string, scope: Lesser): string =>
  createHmac('sha256', token).update(`pawl ${scope}`).digest('base64url');

export interface LocalUser {
  readonly token: string;
  /** Of the operating system: what is decided with the token is recorded as theirs. */
  readonly name: string;
}

/** The tokens of the local user, then those with a name. */
export function callersOf({ token, name }: LocalUser, named: CallerOf = nobody): CallerOf {
  const lesser = (scope: Lesser) =>
    [digestOf(lesserToken(token, scope)), { name: `${name} (${scope})`, scopes: SCOPES_OF[scope] }] as const;
  const known: readonly (readonly [Buffer, Caller])[] = [
    [digestOf(token), localCaller(name)],
    ...LESSER.map(lesser),
  ];
  return async (given) => {
    const asked = digestOf(given);
    return known.find(([digest]) => timingSafeEqual(asked, digest))?.[1] ?? named(given);
  };
}

/** The same callers, each with where in the work of this home its program says it runs. @param host id of the home */
export const withPlaces =
  (host: string, callerOf: CallerOf): CallerOf =>
  async (token, mark) => {
    const caller = await callerOf(token);
    const inside = mark === undefined ? undefined : placeOfMark(host, mark);
    return 'problem' in caller || inside === undefined ? caller : { ...caller, inside };
  };

const nobody: CallerOf = async () => ({ problem: 'the token is not one of this engine' });

/**
 * @param header a header of the request, where it has it
 * @throws Refusal `unauthorized` for a request without a token, or with one that is not taken
 */
export async function callerOfRequest(
  header: (name: string) => string | undefined,
  callerOf: CallerOf,
): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1];
  if (token === undefined) {
    throw new Refusal('unauthorized', `expected the header Authorization: Bearer <token>; ${WHERE}`, {
      'WWW-Authenticate': 'Bearer realm="pawl"',
    });
  }
  const caller = await callerOf(token, header(PROCESS_HEADER));
  if (!('problem' in caller)) return caller;
  throw new Refusal('unauthorized', `${caller.problem}; ${caller.remedy ?? WHERE}`, {
    'WWW-Authenticate': 'Bearer realm="pawl", error="invalid_token"',
  });
}

const WHERE =
  "the local user's is the PAWL_TOKEN that the engine was started with, else what `pawl token` prints on its host; with it `pawl token create NAME` makes one";

/** Of one length, which a comparison in constant time needs. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
