/** A way to ask that opens connections of its own. */
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createPooledFetch } from '../../../src/edge/http/pooled-fetch.ts';
import { serve as serveCounted } from './counted-server.ts';

async function serve(answer: RequestListener) {
  const { api, ...server } = await serveCounted(answer);
  return { url: `${api}/a?b=c`, ...server };
}
const { signal } = new AbortController();
const get = { method: 'GET', headers: {}, signal };

it('asks as it is told, and answers status and text', async () => {
  const { url } = await serve(async (request, response) => {
    const body = await text(request);
    const { method, headers } = request;
    response.writeHead(418, { 'content-type': 'text/plain' });
    response.end(`${method} ${request.url} ${headers['x-a']} ${body} ü`);
  });
  const headers = { 'x-a': '1', 'content-type': 'text/plain' };
  const answer = await createPooledFetch()(url, { method: 'POST', headers, body: 'höre', signal });
  expect(answer.status).toBe(418);
  expect(await answer.text()).toBe('POST /a?b=c 1 höre ü');
});

it('opens a connection of its own and keeps it, whatever others have open', async () => {
  const { url, sockets } = await serve((_, response) => response.end('here'));
  await (await fetch(url)).text();
  expect(sockets).toHaveLength(1);
  const own = createPooledFetch();
  await own(url, get);
  await own(url, get);
  expect(sockets).toHaveLength(2);
  await createPooledFetch()(url, get);
  expect(sockets).toHaveLength(3);
});

it('fails with its reason where nobody listens, where the answer breaks off, and where it has none', async () => {
  const gone = await serve(() => undefined);
  await gone.close();
  await expect(createPooledFetch()(gone.url, get)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const broken = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('only this', () => response.destroy());
  });
  await expect(createPooledFetch()(broken.url, get)).rejects.toMatchObject({ code: 'ECONNRESET' });
  const empty = await serve((_, response) => response.writeHead(204).end());
  await expect(createPooledFetch()(empty.url, get)).rejects.toThrow(TypeError);
});

it.each(['before it asks', 'while it waits', 'while it reads'])(
  'ends with the reason of an abort %s',
  async (when) => {
    const leave = new AbortController();
    const reason = new Error('that is enough');
    const { url } = await serve((_, response) => {
      if (when === 'while it reads') response.write('the first half', () => leave.abort(reason));
      else leave.abort(reason);
    });
    if (when === 'before it asks') leave.abort(reason);
    await expect(createPooledFetch()(url, { ...get, signal: leave.signal })).rejects.toBe(reason);
  },
);

it('speaks TLS where the address says so', async () => {
  const { url } = await serve((_, response) => response.end('here'));
  await expect(createPooledFetch()(url.replace('http:', 'https:'), get)).rejects.toMatchObject({
    code: 'EPROTO',
  });
});
