/** The rows of the operations on tokens with a name, which only the local user may call. */
import { z } from 'zod';
import type { Operation } from './operation-schemas.ts';
import { TokenScope } from './scopes.ts';
import { Lifetime, NamedToken, TokenName } from './tokens.ts';

export const tokenOperations = {
  createToken: {
    summary: 'Make a token with a name',
    input: z.strictObject({
      name: TokenName,
      scope: TokenScope,
      /** Default: it lasts until it is revoked. */
      expires: Lifetime.optional(),
    }),
    /** The only time that the token is told: it is kept nowhere. */
    output: NamedToken.extend({ token: z.string() }),
    scope: 'local',
    idempotent: false,
    method: 'POST',
    path: '/api/tokens',
    keyless:
      'its answer is a secret, which is kept nowhere: where it was lost, revoke the token and make another',
  },
  tokens: {
    summary: 'List tokens by name, revoked and expired ones too',
    input: z.strictObject({}),
    output: z.object({ tokens: z.array(NamedToken) }),
    scope: 'local',
    idempotent: true,
    method: 'GET',
    path: '/api/tokens',
  },
  revokeToken: {
    summary: 'Revoke a token: its next call is refused',
    input: z.strictObject({ name: TokenName }),
    output: NamedToken,
    scope: 'local',
    idempotent: true,
    method: 'DELETE',
    path: '/api/tokens/{name}',
  },
} as const satisfies Record<string, Operation>;
