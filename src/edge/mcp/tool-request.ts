/** How an adapter asks the engine to carry a tool out: one request a call. */
import { z } from 'zod';
import { IdempotencyKey } from '../../domain/idempotency-key.ts';
import { Directory } from './address.ts';

export const toolPath = (name: string): string => `/mcp/tools/${name}`;

/** Its body. */
export const ToolRequest = z.strictObject({
  /** For which the client speaks now. */
  directory: Directory,
  /** In which keys count. */
  session: IdempotencyKey,
  /** As the tool takes it, with its key. */
  input: z.unknown(),
});
