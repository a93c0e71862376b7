/** A scripted server of Google's generateContent API on a free local port, as Gemini CLI calls it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';

export type GeminiAnswer =
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
  contents: z.array(z.unknown()),
  tools: z.array(z.unknown()).default([]),
});
export interface GeminiRequest {
  /** From 1; calls that offer no tools do not count. */
  readonly number: number;
  readonly headers: IncomingMessage['headers'];
  readonly afterTool: boolean;
  /** Everything that was sent. */
  readonly body: string;
}
export interface Gemini {
  readonly url: string;
  readonly requests: readonly GeminiRequest[];
  close(): Promise<void>;
}

export async function startGemini(script: (request: GeminiRequest) => GeminiAnswer): Promise<Gemini> {
  const requests: GeminiRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await textOf(incoming);
    const parsed = Body.safeParse(jsonOf(body));
    if (incoming.url?.includes('countTokens')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"totalTokens":10}');
    } else if (!incoming.url?.includes('enerateContent') || !parsed.success) {
      response.writeHead(404).end('{}');
    } else if (parsed.data.tools.length === 0) {
      answer(incoming, response, { text: '{"reasoning":"x","model_choice":"flash"}' });
    } else {
      const afterTool = JSON.stringify(parsed.data.contents.at(-1) ?? '').includes('functionResponse');
      const request = { number: requests.length + 1, headers: incoming.headers, afterTool, body };
      requests.push(request);
      answer(incoming, response, script(request));
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

function answer(incoming: IncomingMessage, response: ServerResponse, given: GeminiAnswer): void {
  if ('hang' in given) return;
  if ('status' in given) {
    const { status, headers = {}, message = `scripted ${status}` } = given;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(
      JSON.stringify({ error: { code: status, message, status: STATUS_NAMES[status] ?? 'UNKNOWN' } }),
    );
    return;
  }
  const streamed = incoming.url?.includes('stream') === true;
  const type = streamed ? 'text/event-stream' : 'application/json';
  response.writeHead(200, { 'content-type': type });
  if ('drop' in given) {
    response.write(
      'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"half a"}]}}]}\r\n\r\n',
      () => response.destroy(),
    );
    return;
  }
  const part =
    'text' in given ? { text: given.text } : { functionCall: { name: given.tool, args: given.input } };
  const whole = JSON.stringify({
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: 'scripted',
  });
  response.end(streamed ? `data: ${whole}\r\n\r\n` : whole);
}

/** Google's names of what went wrong. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON is no call of this API, and answered so
  }
}
