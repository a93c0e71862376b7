/** How many clients an engine has: programs, however many sockets each of them holds open. */

import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { CLIENT_HEADER } from '../../src/edge/http/client-id.ts';
import { watchClients } from '../../src/engine/callers.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve() {
  let nowMs = 0;
  const held: (() => void)[] = [];
  const server = createServer((_, response) => void held.push(() => response.end('{}')));
  const clients = watchClients(server, () => nowMs);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const agent = new Agent({ keepAlive: false });
  ends.push(() => server.close().closeAllConnections());
  /** Settles when the request has come in; its answer is given by `answerAll`. */
  const ask = async (name?: string) => {
    const came = once(server, 'request');
    const asked = request({
      port,
      agent,
      headers: name === undefined ? {} : { [CLIENT_HEADER]: name },
    }).end();
    asked.once('response', (answer) => void text(answer));
    await came;
  };
  const answerAll = () => {
    for (const answer of held.splice(0)) answer();
  };
  return { clients, ask, answerAll, wait: (ms: number) => (nowMs += ms), server };
}

/** The server hears of a closed socket a moment after its client. */
const settled = (of: () => number, count: number) => expect.poll(of).toBe(count);

it('counts a client once, with however many sockets, and for a minute after it asked', async () => {
  const { clients, ask, answerAll, wait } = await serve();
  for (const name of ['one', 'one', 'one', 'two']) await ask(name);
  expect(clients.sockets()).toBe(4);
  expect(clients.count()).toBe(2);
  answerAll();
  await settled(clients.sockets, 0);
  expect(clients.count()).toBe(2);
  wait(59_000);
  await ask('two');
  wait(2_000);
  expect(clients.count()).toBe(1);
  wait(60_000);
  // It still holds its socket open.
  expect(clients.count()).toBe(1);
  answerAll();
  await settled(clients.count, 0);
});

it('counts the sockets of those that do not say which program they are', async () => {
  const { clients, ask, answerAll } = await serve();
  await ask();
  await ask();
  expect(clients.count()).toBe(2);
  answerAll();
  await settled(clients.count, 0);
});
