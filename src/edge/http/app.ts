/**
 * The HTTP edge. Bound to loopback it answers only to loopback's own names, so that a web page whose host name is made
 * to point here (DNS rebinding) reads nothing.
 */
import { Hono } from 'hono';
import { ERROR_CODES, PawlError } from '../../domain/failures.ts';

/** What `GET /api/health` answers; 200 when `ok`, else 503. Open to everybody who reaches the port: no secret in it. */
export interface Health {
  readonly status: 'ok' | 'starting' | 'degraded' | 'stopping';
  readonly version: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly temporal: { readonly address: string | null; readonly healthy: boolean };
  /** `elsewhere`: in a process of its own, of which the engine knows nothing. */
  readonly worker: { readonly state: 'starting' | 'running' | 'restarting' | 'stopped' | 'elsewhere' };
}

export interface HttpDeps {
  readonly health: () => Promise<Health>;
  /** The address the server is bound to. */
  readonly host: string;
  readonly onBug: (error: Error) => void;
}

export function createHttpApp({ health, host, onBug }: HttpDeps): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (isLoopback(host) && !isLoopback(hostNameOf(context.req.header('host')))) {
      throw new PawlError(
        'invalid_input',
        'expected the Host header 127.0.0.1, localhost or [::1], got another name',
      );
    }
    await next();
  });
  app.get('/api/health', async (context) => {
    const answer = await health();
    return context.json(answer, answer.status === 'ok' ? 200 : 503);
  });
  app.notFound((context) => {
    const message = `there is no ${context.req.method} ${context.req.path}`;
    return context.json({ error: { code: 'not_found', message } }, 404);
  });
  app.onError((error, context) => {
    if (error instanceof PawlError) {
      const { code, message } = error;
      return context.json({ error: { code, message } }, ERROR_CODES[code].httpStatus);
    }
    onBug(error);
    return context.json({ error: { code: 'internal', message: 'a bug in Pawl: see the engine log' } }, 500);
  });
  return app;
}

/** `localhost:8100` → `localhost`, `[::1]:8100` → `::1`. */
function hostNameOf(header: string | undefined): string {
  const text = header ?? '';
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  return bracketed?.[1] ?? text.replace(/:\d+$/, '');
}

export const isLoopback = (name: string): boolean =>
  name.toLowerCase() === 'localhost' || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name);
