/**
 * A scripted server of the Anthropic Messages API on a free local port. A script decides what each call that offers
 * tools is answered; calls without tools (titles and the like) get a word and do not count.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';

export type AnthropicAnswer =
  | { readonly text: string }
  | { readonly say?: string; readonly tool: string; readonly input: Readonly<Record<string, unknown>> }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly type?: string;
    }
  /** Nothing is ever answered. */
  | { readonly hang: true }
  /** The connection breaks in the middle of the answer. */
  | { readonly drop: true };

const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
  tools: z.array(z.object({ name: z.string() })).default([]),
});
export interface AnthropicRequest extends z.infer<typeof Body> {
  /** From 1. */
  readonly number: number;
  readonly headers: IncomingMessage['headers'];
  /** Whether the last message, but for those of the system, brings a tool's result. */
  readonly afterTool: boolean;
  /** Everything that was sent. */
  readonly body: string;
}
export type AnthropicScript = (request: AnthropicRequest) => AnthropicAnswer | Promise<AnthropicAnswer>;
export interface Anthropic {
  readonly url: string;
  readonly requests: readonly AnthropicRequest[];
  close(): Promise<void>;
}

export async function startAnthropic(script: AnthropicScript): Promise<Anthropic> {
  const requests: AnthropicRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await textOf(incoming);
    const parsed = Body.safeParse(jsonOf(body));
    if (!incoming.url?.startsWith('/v1/messages') || !parsed.success) {
      response.writeHead(incoming.method === 'HEAD' ? 200 : 404).end();
    } else if (incoming.url.includes('count_tokens')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"input_tokens":10}');
    } else if (parsed.data.tools.length === 0) {
      answer(response, { text: 'title' }, 0);
    } else {
      // Remarks of the client follow it, on the budget say.
      const said = parsed.data.messages.findLast(({ role }) => role !== 'system');
      const last = JSON.stringify(said?.content ?? '');
      const request = {
        ...parsed.data,
        number: requests.length + 1,
        headers: incoming.headers,
        afterTool: last.includes('"tool_result"'),
        body,
      };
      requests.push(request);
      answer(response, await script(request), request.number);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, given: AnthropicAnswer, number: number): void {
  if ('hang' in given) return;
  if ('status' in given) {
    const { status, headers = {}, message = `scripted ${status}`, type = 'api_error' } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type, message } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events =
    'drop' in given ? messageOf([textBlock('half a')], number) : messageOf(blocksOf(given, number), number);
  const sent = 'drop' in given ? events.slice(0, 3) : events;
  const bytes = sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  if ('drop' in given) response.write(bytes, () => response.destroy());
  else response.end(bytes);
}

interface Block {
  readonly start: Readonly<Record<string, unknown>>;
  readonly delta: Readonly<Record<string, unknown>>;
}
const textBlock = (text: string): Block => ({
  start: { type: 'text', text: '' },
  delta: { type: 'text_delta', text },
});
function blocksOf(
  given: Extract<AnthropicAnswer, { text: string } | { tool: string }>,
  number: number,
): Block[] {
  if ('text' in given) return [textBlock(given.text)];
  const call = {
    start: { type: 'tool_use', id: `toolu_${number}_${given.tool}`, name: given.tool, input: {} },
    delta: { type: 'input_json_delta', partial_json: JSON.stringify(given.input) },
  };
  return given.say === undefined ? [call] : [textBlock(given.say), call];
}

/** The events of one streamed message. */
function messageOf(blocks: readonly Block[], number: number) {
  const stopReason = blocks.some(({ start }) => start.type === 'tool_use') ? 'tool_use' : 'end_turn';
  const usage = {
    input_tokens: 10,
    output_tokens: 1,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const message = { id: `msg_${number}`, type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' };
  return [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage },
    },
    ...blocks.flatMap(({ start, delta }, index) => [
      { type: 'content_block_start', index, content_block: start },
      { type: 'content_block_delta', index, delta },
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 20 },
    },
    { type: 'message_stop' },
  ];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no call of this API, and answered so
  }
}
