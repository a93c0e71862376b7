/** Tools of an engine in another process, called over its MCP for an adapter that stands in front of it. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { SESSION_HEADER } from '../../domain/idempotency-key.ts';
import type { Ask } from '../http/exchange.ts';
import { addressFor } from './address.ts';
import type { CallTool } from './keyed-tools.ts';
import { TOOLSET_NAMES } from './toolsets.ts';

/** One request, and the text that answers it. @throws PawlError as operations over HTTP do */
export type AskText = (ask: Ask) => Promise<string>;

const Answer = z.object({
  result: z
    .looseObject({ content: z.array(z.looseObject({ type: z.literal('text'), text: z.string() })) })
    .optional(),
  error: z.object({ message: z.string() }).optional(),
});

export const callToolBy =
  (ask: AskText): CallTool =>
  async ({ name, input, directory, session, signal }) => {
    const text = await ask({
      method: 'POST',
      path: addressFor({ toolset: TOOLSET_NAMES.join() }, directory),
      headers: { accept: 'application/json, text/event-stream', [SESSION_HEADER]: session },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: input },
      }),
      signal,
    });
    const answer = Answer.safeParse(jsonIn(text));
    if (answer.data?.result !== undefined) return answer.data.result satisfies CallToolResult;
    const why = answer.data?.error?.message ?? 'something that is none';
    throw new PawlError(
      'unavailable',
      `expected the answer of the tool ${name}, got ${why}: is the engine of this version? (\`pawl down\`, then \`pawl up -d\`)`,
    );
  };

/** An answer may come as one server-sent event. undefined for what is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
