/** Engines behind HTTP, and clients of them; each ends with its test. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Hono } from 'hono';
import { afterEach, expect, vi } from 'vitest';
import { TaskId } from '../../../src/domain/ids.ts';
import type { EngineApi, EngineClient } from '../../../src/domain/operations.ts';
import { type ApiClientOptions, createApiClient } from '../../../src/edge/http/api-client.ts';
import { type HttpServer, listen } from '../../../src/engine/http-server.ts';
import { appOn, TOKEN } from './call.ts';

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(ends.splice(0).map((end) => end()));
});

export const serve = (engine: EngineApi | undefined, port = 0): Promise<HttpServer> =>
  serveApp(appOn(engine), port);

export async function serveApp(app: Hono, port = 0): Promise<HttpServer> {
  const server = await listen(app, '127.0.0.1', port);
  ends.push(() => server.close());
  return server;
}

/** Somebody else's server. */
export async function strangerOn(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

export const farOf = ({ url }: HttpServer, parts: Partial<ApiClientOptions> = {}): EngineClient =>
  createApiClient({ api: url, token: TOKEN, ...parts });

/** Where nobody listens. */
export async function nowhere(): Promise<HttpServer> {
  const server = await serve(undefined);
  await server.close();
  return server;
}

export const one = TaskId.parse('one');

export const unavailable = (message: RegExp) => ({
  name: 'PawlError',
  code: 'unavailable',
  message: expect.stringMatching(message),
});

export const until = (ms: number) => AbortSignal.timeout(ms);
