/** A scripted server of the chat completions API on a free local port, as opencode calls a provider of its user's. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';

export type ChatAnswer =
  | { readonly text: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
    }
  | { readonly hang: true }
  | { readonly drop: true };

const Body = z.object({
  messages: z.array(z.looseObject({ role: z.string() })),
  tools: z.array(z.unknown()).default([]),
});
export interface ChatRequest {
  /** From 1; calls that offer no tools do not count. */
  readonly number: number;
  readonly headers: IncomingMessage['headers'];
  readonly afterTool: boolean;
  /** Everything that was sent. */
  readonly body: string;
}
export interface Chat {
  /** With the version: what a provider's base URL is. */
  readonly url: string;
  readonly requests: readonly ChatRequest[];
  close(): Promise<void>;
}

export async function startChat(script: (request: ChatRequest) => ChatAnswer): Promise<Chat> {
  const requests: ChatRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await textOf(incoming);
    const parsed = Body.safeParse(jsonOf(body));
    if (!incoming.url?.includes('chat/completions') || !parsed.success) {
      response.writeHead(404).end('{}');
    } else if (parsed.data.tools.length === 0) {
      answer(response, { text: 'title' }, 0);
    } else {
      const afterTool = parsed.data.messages.at(-1)?.role === 'tool';
      const request = { number: requests.length + 1, headers: incoming.headers, afterTool, body };
      requests.push(request);
      answer(response, script(request), request.number);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, given: ChatAnswer, number: number): void {
  if ('hang' in given) return;
  if ('status' in given) {
    const { status, headers = {}, message = `scripted ${status}` } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'scripted' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (delta: object, finish: string | null) => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const event = { id: `chat_${number}`, object: 'chat.completion.chunk', created: 1, model: 'm', choices };
    return `data: ${JSON.stringify(finish === null ? event : { ...event, usage })}\n\n`;
  };
  if ('drop' in given) {
    response.write(chunk({ role: 'assistant', content: 'half a' }, null), () => response.destroy());
    return;
  }
  if ('text' in given) {
    response.end(
      `${chunk({ role: 'assistant', content: given.text }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`,
    );
    return;
  }
  const call = {
    index: 0,
    id: `call_${number}`,
    type: 'function',
    function: { name: given.tool, arguments: JSON.stringify(given.input) },
  };
  const opening = chunk({ role: 'assistant', tool_calls: [call] }, null);
  response.end(`${opening}${chunk({}, 'tool_calls')}data: [DONE]\n\n`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no call of this API, and answered so
  }
}
