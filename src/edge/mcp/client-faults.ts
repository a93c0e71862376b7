/** What is wrong with a client's messages, for the log: it ends nothing, and stdout is the protocol's. */
import { z } from 'zod';
import { clip } from '../../domain/limits.ts';

export function tellClientFault(error: Error): void {
  const words =
    error instanceof z.ZodError ? 'expected a message of JSON-RPC, got other JSON' : error.message;
  console.error(`mcp: ${clip(words.replaceAll(/\s+/g, ' '), 300)}`);
}
