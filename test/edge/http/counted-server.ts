/** A server of a test's own whose connections can be counted; it ends with the test. */
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach } from 'vitest';

const ends: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

export async function serve(answer: RequestListener) {
  const sockets: Socket[] = [];
  const server = createServer(answer).on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  ends.push(close);
  const address = server.address();
  return { api: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, sockets, close };
}
