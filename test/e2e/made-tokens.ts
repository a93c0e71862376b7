/** Tokens that no operation gives out: of another time, of another home, of an attempt, of a tab, and one that was changed. */
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { placesIn } from '../../src/config.ts';
import type { AttemptRef } from '../../src/domain/scopes.ts';
import type { SealedTab } from '../../src/domain/tabs.ts';
import { KeptToken } from '../../src/domain/tokens.ts';
import { createAttemptTokens } from '../../src/engine/attempt-tokens.ts';
import { secretOf, tokenOf } from '../../src/engine/home.ts';
import { createNamedTokens } from '../../src/engine/named-tokens.ts';
import { createTabTokens } from '../../src/engine/tab-tokens.ts';

/** Made in a home at another time, for a minute. */
export async function tokenIn(home: string, name: string, at: Date): Promise<string> {
  const kept = createDocumentStore(placesIn(home).tokens, KeptToken);
  const { calls } = createNamedTokens({ secret: secretOf(home), kept, localUser: 'ann', now: () => at });
  return (await calls.createToken({ name, scope: 'approve', expires: '1m' })).token;
}

export const tamperedWith = (token: string): string => {
  const [payload = '', mac] = token.slice('pawl_'.length).split('.');
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return `pawl_${Buffer.from(JSON.stringify({ ...said, scope: 'read' })).toString('base64url')}.${mac}`;
};

/** Of a tab that nobody has opened. */
export const tabTokenIn = (home: string, tab: Partial<SealedTab>, localToken = tokenOf(home, {})): string =>
  createTabTokens(secretOf(home), localToken).close({
    ...{ id: 'made', name: 'ann', scope: 'approve' },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...tab,
  });

/** With a fencing token that is none. */
export const attemptTokenIn = (home: string, attempt: Pick<AttemptRef, 'task' | 'run' | 'number'>): string =>
  createAttemptTokens(secretOf(home)).close({ ...attempt, token: 'none', variables: [] });
