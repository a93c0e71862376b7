/**
 * Tokens with a name. A token says by itself what it is, under a MAC that only this home can make; the home keeps who has
 * one, so that it can be revoked, and never the token.
 */
import { randomUUID } from 'node:crypto';
import { createKeyedMutex } from '../client/keyed-mutex.ts';
import type { DocumentStore } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import { noted } from '../domain/idempotency-key.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Handlers } from '../domain/operations.ts';
import { SCOPES_OF } from '../domain/scopes.ts';
import {
  isFree,
  type KeptToken,
  lifetimeMs,
  NamedToken,
  problemWithMadeBy,
  problemWithToken,
  SealedToken,
} from '../domain/tokens.ts';
import { type CallerOf, LESSER, lesserToken } from '../edge/http/authentication.ts';
import type { ProblemOfToken } from './tab-tokens.ts';
import { createTokenSeal, isSealedToken } from './token-seal.ts';

export interface NamedTokens {
  readonly calls: Pick<Handlers, 'createToken' | 'tokens' | 'revokeToken'>;
  /** Reads the list each time: a token that is revoked is refused at once. */
  readonly callerOf: CallerOf;
  /** Of what was made with such a token, a tab of the dashboard. */
  readonly problemOfToken: ProblemOfToken;
}

export interface NamedTokensDeps {
  /** Of the home: whoever has it can make tokens. */
  readonly secret: string;
  readonly kept: DocumentStore<KeptToken>;
  /** A token of that name would decide as the local user does. */
  readonly localUser: string;
  readonly now?: () => Date;
}

export function createNamedTokens({
  secret,
  kept,
  localUser,
  now = () => new Date(),
}: NamedTokensDeps): NamedTokens {
  const seal = createTokenSeal(secret, 'pawl tokens with a name', SealedToken);
  // Of two calls about a name the second has to see what the first has done.
  const inTurn = createKeyedMutex();
  return {
    calls: {
      createToken: ({ name, scope, expires }) =>
        inTurn('list', async () => {
          await refuseTaken(name);
          const createdAt = now();
          const token: SealedToken = {
            id: randomUUID(),
            name,
            scope,
            createdAt: createdAt.toISOString(),
            ...(expires !== undefined && {
              expiresAt: new Date(createdAt.getTime() + lifetimeMs(expires)).toISOString(),
            }),
          };
          await kept.put(name, token);
          return { ...NamedToken.parse(token), token: seal.close(token) };
        }),
      tokens: async () => {
        const all = await kept.list();
        return { tokens: all.map((one) => NamedToken.parse(one)).sort((a, b) => (a.name < b.name ? -1 : 1)) };
      },
      revokeToken: ({ name }, context) =>
        inTurn('list', async () => {
          const revoked = await noted(context?.keyed, () => asRevoked(name));
          // A newer one of the name is another one.
          if ((await kept.read(name))?.id === revoked.id) await kept.put(name, revoked);
          return NamedToken.parse(revoked);
        }),
    },
    async callerOf(text) {
      const token = seal.open(text);
      if (token === undefined) return { problem: 'the token is not one of this engine' };
      const { name, scope, id: tokenId, expiresAt } = token;
      const problem = await judged(name, (kept) => problemWithToken(token, kept, now()));
      if (problem !== undefined) return { problem };
      return { name, scopes: SCOPES_OF[scope], tokenId, ...(expiresAt !== undefined && { expiresAt }) };
    },
    problemOfToken: (token) => judged(token.name, (kept) => problemWithMadeBy(token, kept, now())),
  };

  /** @param judge what is wrong with a token, by what the home keeps under its name */
  async function judged(
    name: string,
    judge: (kept: KeptToken | undefined) => string | undefined,
  ): Promise<string | undefined> {
    try {
      return judge(await kept.read(name));
    } catch (error) {
      // What the home keeps of it is damaged: nobody can say that it is still good.
      if (error instanceof PawlError) return error.message;
      throw error;
    }
  }

  async function asRevoked(name: string): Promise<KeptToken> {
    const token = await kept.read(name);
    if (token !== undefined) return { ...token, revokedAt: token.revokedAt ?? now().toISOString() };
    throw new PawlError('not_found', `there is no token ${name}: \`pawl token list\` shows those there are`);
  }

  async function refuseTaken(name: string): Promise<void> {
    if (name === localUser)
      throw new PawlError('conflict', `${name} is the name of the local user: choose another one`);
    const before = await kept.read(name);
    if (!isFree(before, now()))
      throw new PawlError(
        'conflict',
        `there is a token ${name}, and nobody can be told it again: revoke it first (\`pawl token revoke ${name}\`), or choose another name`,
      );
    if (before !== undefined || (await kept.list()).length < LIMITS.tokensMax) return;
    throw new PawlError(
      'precondition',
      `expected at most ${LIMITS.tokensMax} names of tokens, found them all taken: use the name of one that is revoked`,
    );
  }
}

/**
 * Whoever starts an engine while `PAWL_TOKEN` is a token that may do less would make its holder the local user.
 * @param kept the token that the home keeps of the local user; undefined where it has none
 * @throws PawlError `invalid_input`
 */
export function refuseAsLocal(token: string, kept: string | undefined): void {
  const lesser = LESSER.find((scope) => kept !== undefined && token === lesserToken(kept, scope));
  if (lesser === undefined && !isSealedToken(token)) return;
  const got =
    lesser === undefined
      ? 'one with a name, of an attempt or of a tab'
      : `what \`pawl token --scope ${lesser}\` prints`;
  throw new PawlError(
    'invalid_input',
    `PAWL_TOKEN: expected the token of the local user, got ${got}, whose holder would be the local user of the engine that starts: unset it`,
  );
}
