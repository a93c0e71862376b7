/** A way to ask whose connections are its own: its first call opens one, whatever others hold open to the same place. */
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
export function createOwnFetch(): Fetch {
  // Idle connections keep no process up, and the far side closes them after a while.
  const agent = new Agent({ keepAlive: true });
  return async (url, { method, headers, body, signal }) => {
    try {
      const asked = request(url, { agent, method, headers: { ...headers }, signal });
      // What breaks while the answer is read is told by its reading.
      asked.on('error', () => undefined);
      asked.end(body);
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return new Response(await text(answer), { status: answer.statusCode ?? 0 });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  };
}
