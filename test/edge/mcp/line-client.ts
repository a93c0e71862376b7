/** A client over stdin and stdout in this process: a JSON message a line, in either protocol era. */

import { createInterface } from 'node:readline';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { McpDeps } from '../../../src/edge/mcp/mcp-server.ts';
import { serveMcpOnStdio } from '../../../src/edge/mcp/stdio.ts';

export interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}
export interface Told {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export interface ClientOptions {
  readonly era?: '2025' | '2026';
  readonly capabilities?: object;
  /** Answers what the server asks its client for, in the older era. */
  readonly respond?: (request: Told) => object;
}

export interface LineClient {
  request(method: string, params?: object): Promise<Answer>;
  /** The result of a tool's call. */
  call(name: string, args?: unknown, more?: object): Promise<Record<string, unknown>>;
  readonly notifications: readonly Told[];
  /** Every line that the server has written. */
  readonly lines: readonly string[];
  /** Closes stdin and waits until the server has ended. */
  end(): Promise<void>;
}

/** In front of a server in this process. */
export function lineClient(deps: McpDeps, options: ClientOptions = {}): Promise<LineClient> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const ended = serveMcpOnStdio({ ...deps, stdin, stdout, signal: new AbortController().signal });
  return converse({ stdin, stdout, ended }, options);
}

export interface Server {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<unknown>;
}

export async function converse(server: Server, options: ClientOptions = {}): Promise<LineClient> {
  const { stdin, stdout, ended } = server;
  const { era = '2026', capabilities = {}, respond } = options;
  const waiting = new Map<number, (answer: Answer) => void>();
  const notifications: Told[] = [];
  const lines: string[] = [];
  const send = (message: object): void => {
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    const message = JSON.parse(line);
    if (message.method === undefined) waiting.get(message.id)?.(message);
    else if (message.id === undefined) notifications.push(message);
    else send({ id: message.id, result: respond?.(message) ?? {} });
  });
  let count = 0;
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const client: LineClient = {
    request(method, params = {}) {
      count += 1;
      const id = count;
      const { _meta = {}, ...rest } = params as { _meta?: object };
      const envelope = era === '2026' ? { _meta: { ...meta, ..._meta } } : { _meta };
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ id, method, params: { ...rest, ...envelope } });
      });
    },
    async call(name, args = {}, more = {}) {
      const answer = await client.request('tools/call', { name, arguments: args, ...more });
      if (answer.result === undefined) throw new Error(`no result: ${JSON.stringify(answer.error)}`);
      return answer.result;
    },
    notifications,
    lines,
    async end() {
      stdin.end();
      await ended;
    },
  };
  if (era === '2025') {
    const clientInfo = { name: 'test', version: '1' };
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
    send({ method: 'notifications/initialized' });
  }
  return client;
}
