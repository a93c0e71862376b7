/** Tools of an engine in another process, for an adapter that stands in front of it. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { PawlError } from '../../domain/failures.ts';
import { type Ask, OtherVersion } from '../http/exchange.ts';
import type { CallTool } from './keyed-tools.ts';
import { type ToolRequest, toolPath } from './tool-request.ts';

/** One request, and the text that answers it. @throws PawlError as operations over HTTP do */
export type AskText = (ask: Ask) => Promise<string>;

const Answer = z.looseObject({
  content: z.array(z.looseObject({ type: z.literal('text'), text: z.string() })),
});

export const callToolBy =
  (ask: AskText): CallTool =>
  async ({ name, input, directory, session, signal }) => {
    const asked: z.input<typeof ToolRequest> = { directory, session, input };
    const request = { method: 'POST', path: toolPath(name), body: JSON.stringify(asked), signal } as const;
    const text = await ask(request).catch((error: unknown) => {
      // What the tool itself refuses is its answer.
      if (error instanceof PawlError && error.code === 'not_found') throw otherVersion(name, error.message);
      throw error;
    });
    const answer = Answer.safeParse(jsonIn(text));
    if (answer.success) return answer.data satisfies CallToolResult;
    throw otherVersion(name, 'something that is none');
  };

const otherVersion = (name: string, found: string): PawlError =>
  new OtherVersion(
    'unavailable',
    `expected the answer of the tool ${name}, got ${found}: is the engine of this version? (\`pawl down\`, then \`pawl up -d\`)`,
  );

/** undefined for what is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
