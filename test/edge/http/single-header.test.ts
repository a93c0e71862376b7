/** A key that comes twice is none: what HTTP makes of both is a word that nobody chose. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpServer, listen } from '../../../src/engine/http-server.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { appOn, TOKEN } from './call.ts';

const engine = fakeEngine({});
let server: HttpServer;
beforeAll(async () => {
  server = await listen(appOn(engine), '127.0.0.1', 0);
});
afterAll(() => server.close());

async function create(headers: Readonly<Record<string, string | string[]>>) {
  const sent = request(`${server.url}/api/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
  });
  sent.end(JSON.stringify({ id: 'keyed', title: 'x' }));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, body: JSON.parse(await text(answer)) };
}

it.each(['Idempotency-Key', 'Pawl-Session'])('refuses %s where it comes twice, by its name', async (name) => {
  expect(await create({ [name]: ['a', 'b'] })).toEqual({
    status: 422,
    body: {
      error: {
        code: 'invalid_input',
        message: `${name}: expected it once, got it 2 times`,
        details: [[name]],
      },
    },
  });
  expect(engine.calls).toEqual([]);
});

it('takes it once', async () => {
  expect(await create({ 'Idempotency-Key': 'a, b' })).toMatchObject({ status: 200 });
});
