/** The HTTP edge on an engine that is a plain object: requests go straight into the app, no port is opened. */
import type { Hono } from 'hono';
import type { HostReads } from '../../../src/domain/host-reads.ts';
import type { EngineApi } from '../../../src/domain/operations.ts';
import { createHttpApp, type Health } from '../../../src/edge/http/app.ts';
import { type CallerOf, callersOf } from '../../../src/edge/http/authentication.ts';

export const TOKEN = 'a-token-of-the-local-user';

export const HEALTH: Health = {
  status: 'ok',
  version: '1.2.3',
  pid: 1,
  uptimeSeconds: 5,
  temporal: { address: 'there:7233', healthy: true },
  worker: { state: 'running' },
  failing: [],
};

export const CALLER_OF = callersOf({ token: TOKEN, name: 'ann' });

/** Bugs end the test that made them. */
export const appOn = (
  engine: EngineApi | undefined,
  callerOf: CallerOf = CALLER_OF,
  origins: readonly string[] = [],
  host?: HostReads,
): Hono =>
  createHttpApp({
    health: async () => HEALTH,
    host: '127.0.0.1',
    origins,
    onBug: (error) => {
      throw error;
    },
    api: { engine: () => engine, host: () => host, callerOf, version: '1.2.3' },
  });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, a text or bytes as they are. */
  readonly body?: unknown;
}

export async function call(
  app: Hono,
  path: string,
  { method = 'GET', headers, body }: Request = {},
): Promise<Answer> {
  const answer = await app.request(`http://localhost${path}`, {
    method,
    headers: {
      host: 'localhost',
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array;
