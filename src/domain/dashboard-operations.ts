/** The row of the operation by which a person gets into the dashboard. */
import { z } from 'zod';
import type { Operation } from './operation-schemas.ts';
import { TokenScope } from './scopes.ts';

export const dashboardOperations = {
  dashboard: {
    summary: 'Make a link into the dashboard, which opens it once',
    input: z.strictObject({
      /** What the page may do: at most what the caller may. Default: just that, but never make tokens. */
      scope: TokenScope.optional(),
    }),
    /** The only time that the code is told. `url` is the engine's own address, with the code where no server gets it. */
    output: z.object({ code: z.string(), url: z.url(), scope: TokenScope, expiresAt: z.iso.datetime() }),
    scope: 'read',
    idempotent: false,
    method: 'POST',
    path: '/api/dashboard/codes',
    keyless: 'its answer is a secret, which is kept nowhere: where it was lost, ask for another link',
  },
} as const satisfies Record<string, Operation>;
