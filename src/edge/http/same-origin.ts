/** Host and Origin checks against DNS rebinding and cross-origin requests: pages of other sites are refused. */
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { PawlError } from '../../domain/failures.ts';
import { isLoopback } from '../../domain/loopback.ts';

/**
 * @param boundTo the address the server listens on
 * @param origins whose pages may call it besides its own
 */
export const sameOriginOnly =
  (boundTo: string, origins: readonly string[]): MiddlewareHandler =>
  async ({ req }, next) => {
    const host = req.header('host');
    // A page whose host name is made to point here (DNS rebinding) still sends that name.
    if (isLoopback(boundTo) && !isLoopback(hostNameOf(host))) {
      throw new PawlError(
        'invalid_input',
        'expected the Host header 127.0.0.1, localhost or [::1], got another name',
      );
    }
    const origin = req.header('origin');
    if (origin !== undefined && !isOwn(origin, host) && !origins.includes(origin)) {
      throw new PawlError(
        'forbidden',
        'expected no Origin header, this server as origin or one of PAWL_ORIGINS, got the page of another one: call from there is not allowed',
      );
    }
    await next();
  };

/** Tells browsers what pages of these origins may send and read; of others nothing, so that they send and read nothing. */
export const shareWith = (origins: readonly string[]): MiddlewareHandler =>
  cors({
    origin: [...origins],
    allowMethods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    exposeHeaders: ['ETag', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    maxAge: 600,
  });

/** https, because a proxy may stand in front. */
const isOwn = (origin: string, host = ''): boolean =>
  ['http', 'https'].some((scheme) => URL.parse(`${scheme}://${host}`)?.origin === origin);

/** `localhost:8100` → `localhost`, `[::1]:8100` → `::1`. */
function hostNameOf(header: string | undefined): string {
  const text = header ?? '';
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  return bracketed?.[1] ?? text.replace(/:\d+$/, '');
}
