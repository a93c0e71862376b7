/** A `fetch` with a keep-alive connection pool of its own: its first call opens a new connection. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** As `fetch` does it, which shares the connections of the whole process. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** To one server, for answers that end. */
export function createPooledFetch(): Fetch {
  let made: ReturnType<typeof poolFor> | undefined;
  return async (url, { method, headers, body, signal }) => {
    made ??= poolFor(url);
    const { agent, request } = await made;
    try {
      const asked = request(url, { agent, method, headers: { ...headers }, signal });
      // An error while the answer is read rejects the read itself.
      asked.on('error', () => undefined);
      asked.end(body);
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return new Response(await text(answer), { status: answer.statusCode ?? 0 });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  };
}

async function poolFor(url: string) {
  const { Agent, request } = url.startsWith('https:')
    ? await import('node:https')
    : await import('node:http');
  // An idle keep-alive connection keeps no process running; the server closes it after a while.
  return { agent: new Agent({ keepAlive: true }), request };
}
