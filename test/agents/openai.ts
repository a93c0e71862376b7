/**
 * A scripted server of the OpenAI Responses API on a free local port, as Codex calls it. A script decides what each call
 * is answered.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';

export type OpenAiAnswer =
  | { readonly text: string }
  /** A command for the agent's shell. */
  | { readonly command: string }
  /** One of its other tools; those of MCP servers stand in a namespace. */
  | { readonly tool: string; readonly namespace?: string; readonly input: Readonly<Record<string, unknown>> }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly code?: string;
    }
  /** Nothing is ever answered. */
  | { readonly hang: true }
  /** The connection breaks in the middle of the answer. */
  | { readonly drop: true };

const Body = z.object({
  input: z.array(z.looseObject({ type: z.string().optional() })),
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).default([]),
});
export interface OpenAiRequest extends z.infer<typeof Body> {
  /** From 1. */
  readonly number: number;
  readonly headers: IncomingMessage['headers'];
  /** Whether the last item brings a tool's result. */
  readonly afterTool: boolean;
  /** Everything that was sent, unpacked. */
  readonly body: string;
}
export type OpenAiScript = (request: OpenAiRequest) => OpenAiAnswer | Promise<OpenAiAnswer>;
export interface OpenAi {
  /** With the version: what a provider's base URL is. */
  readonly url: string;
  readonly requests: readonly OpenAiRequest[];
  close(): Promise<void>;
}

export async function startOpenAi(script: OpenAiScript): Promise<OpenAi> {
  const requests: OpenAiRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = plain(incoming, await buffer(incoming));
    const parsed = Body.safeParse(jsonOf(body));
    if (incoming.method !== 'POST' || !incoming.url?.includes('/responses') || !parsed.success) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const request = {
      ...parsed.data,
      number: requests.length + 1,
      headers: incoming.headers,
      afterTool: (parsed.data.input.at(-1)?.type ?? '').endsWith('_output'),
      body,
    };
    requests.push(request);
    answer(response, await script(request), request);
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

function answer(response: ServerResponse, given: OpenAiAnswer, request: OpenAiRequest): void {
  if ('hang' in given) return;
  if ('status' in given) {
    const { status, headers = {}, message = `scripted ${status}`, code = null } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, type: 'scripted', code } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const id = `resp_${request.number}`;
  const created = { type: 'response.created', response: { id } };
  if ('drop' in given) {
    response.write(eventOf(created), () => response.destroy());
    return;
  }
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  };
  const events = [
    created,
    { type: 'response.output_item.done', output_index: 0, item: itemOf(given, request) },
    { type: 'response.completed', response: { id, usage } },
  ];
  response.end(events.map(eventOf).join(''));
}

const eventOf = (event: { readonly type: string }): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function itemOf(
  given: Extract<OpenAiAnswer, { text: string } | { command: string } | { tool: string }>,
  request: OpenAiRequest,
) {
  const { number, tools } = request;
  if ('text' in given) {
    const content = [{ type: 'output_text', text: given.text, annotations: [] }];
    return { type: 'message', id: `msg_${number}`, role: 'assistant', content };
  }
  const callId = { type: 'function_call', id: `fc_${number}`, call_id: `call_${number}` };
  if ('tool' in given) {
    const { tool: name, namespace, input } = given;
    return {
      ...callId,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      arguments: JSON.stringify(input),
    };
  }
  const named = tools.map(({ name }) => name);
  const [name, parameters] = named.includes('exec_command')
    ? ['exec_command', { cmd: given.command }]
    : ['shell', { command: ['bash', '-lc', given.command] }];
  return { ...callId, name, arguments: JSON.stringify(parameters) };
}

function plain(incoming: IncomingMessage, bytes: Buffer): string {
  const coding = incoming.headers['content-encoding'];
  if (coding === 'gzip') return gunzipSync(bytes).toString('utf8');
  return (coding === 'zstd' ? zstdDecompressSync(bytes) : bytes).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no call of this API, and answered so
  }
}
