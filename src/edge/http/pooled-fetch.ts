/** A `fetch` with a keep-alive connection pool of its own: its first call opens a new connection. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** As `fetch` does it, which shares the connections of the whole process. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** For plain HTTP and for answers that end. */
export function createPooledFetch(): Fetch {
  // An idle keep-alive connection keeps no process running; the server closes it after a while.
  const agent = new Agent({ keepAlive: true });
  return async (url, { method, headers, body, signal }) => {
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
