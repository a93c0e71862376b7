/** What a token may do: the one place that decides it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { callNamed, callsBy } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import { type Calls, operations } from '../../domain/operations.ts';
import { Refusal } from './refusals.ts';

export const SCOPES = ['read', 'operate', 'approve', 'agent'] as const;
export type Scope = (typeof SCOPES)[number];

/** @returns undefined for a token that nobody was given */
export type ScopesOf = (token: string) => readonly Scope[] | undefined;

export const mayCall = (scopes: readonly Scope[], row: { readonly scope: Scope }): boolean =>
  scopes.includes(row.scope);

/**
 * The same calls for whoever holds a token with these scopes, whatever makes them: a tool, a durable task, an answer in a prompt.
 * @throws PawlError `precondition` for a call that the token may not make; it is not made
 */
export const callsWithin = (scopes: readonly Scope[], calls: Calls): Calls =>
  callsBy((name) => async (input) => {
    needScope(scopes, operations[name].scope);
    return callNamed(calls, name)(input);
  });

/** @throws PawlError `precondition` */
export function needScope(scopes: readonly Scope[], scope: Scope): void {
  if (mayCall(scopes, { scope })) return;
  throw new PawlError('precondition', `expected a token with the scope ${scope}, got one without it`);
}

/** What a token can be asked for that is not to do all that its user may. */
export const LESSER = { read: ['read'], operate: ['read', 'operate'] } as const satisfies Record<
  string,
  readonly Scope[]
>;
export type Lesser = keyof typeof LESSER;

/** A token that may do less, made from the local user's: it is kept nowhere, and falls with it. */
export const lesserToken = (token: string, name: Lesser): string =>
  createHmac('sha256', token).update(`pawl ${name}`).digest('base64url');

/** The token of the local user has all scopes. */
export function localScopes(token: string): ScopesOf {
  const names = Object.keys(LESSER) as Lesser[]; // the table's own keys
  const known: readonly (readonly [Buffer, readonly Scope[]])[] = [
    [digestOf(token), SCOPES],
    ...names.map((name) => [digestOf(lesserToken(token, name)), LESSER[name]] as const),
  ];
  return (given) => known.find(([digest]) => timingSafeEqual(digestOf(given), digest))?.[1];
}

/** @throws Refusal `unauthorized` for a request without a token, or with one that nobody was given */
export function scopesOfRequest(authorization: string | undefined, scopesOf: ScopesOf): readonly Scope[] {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw new Refusal('unauthorized', `expected the header Authorization: Bearer <token>; ${WHERE}`, {
      'WWW-Authenticate': 'Bearer realm="pawl"',
    });
  }
  const scopes = scopesOf(token);
  if (scopes !== undefined) return scopes;
  throw new Refusal('unauthorized', `the token is not one of this engine; ${WHERE}`, {
    'WWW-Authenticate': 'Bearer realm="pawl", error="invalid_token"',
  });
}

const WHERE = '`pawl token` prints one';

/** Of one length, which a comparison in constant time needs. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
