/** What a token may do: the one place that decides it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusals.ts';

export const SCOPES = ['read', 'operate', 'approve', 'agent'] as const;
export type Scope = (typeof SCOPES)[number];

/** @returns undefined for a token that nobody was given */
export type ScopesOf = (token: string) => readonly Scope[] | undefined;

export const mayCall = (scopes: readonly Scope[], row: { readonly scope: Scope }): boolean =>
  scopes.includes(row.scope);

/** The token of the local user has all scopes, and is the only one. */
export function localScopes(token: string): ScopesOf {
  const own = digestOf(token);
  return (given) => (timingSafeEqual(digestOf(given), own) ? SCOPES : undefined);
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

const WHERE = "the local user's is PAWL_TOKEN, or stands in the file `token` of the home";

/** Of one length, which a comparison in constant time needs. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
