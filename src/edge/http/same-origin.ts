/** Host and Origin checks against DNS rebinding and cross-origin requests: pages of other sites are refused. */
import { isIPv4 } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { PawlError } from '../../domain/failures.ts';

/** @param boundTo the address the server listens on */
export const sameOriginOnly =
  (boundTo: string): MiddlewareHandler =>
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
    if (origin !== undefined && !isOwn(origin, host)) {
      throw new PawlError(
        'forbidden',
        'expected no Origin header or this server as origin, got the page of another one: call from there is not allowed',
      );
    }
    await next();
  };

/** https, because a proxy may stand in front. */
const isOwn = (origin: string, host = ''): boolean =>
  ['http', 'https'].some((scheme) => URL.parse(`${scheme}://${host}`)?.origin === origin);

/** `localhost:8100` → `localhost`, `[::1]:8100` → `::1`. */
function hostNameOf(header: string | undefined): string {
  const text = header ?? '';
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text);
  return bracketed?.[1] ?? text.replace(/:\d+$/, '');
}

export const isLoopback = (name: string): boolean =>
  name.toLowerCase() === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
