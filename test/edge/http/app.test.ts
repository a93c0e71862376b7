/** The HTTP edge on a plain object: no server, no Temporal. */
import { expect, it } from 'vitest';
import { PawlError } from '../../../src/domain/failures.ts';
import { isLoopback } from '../../../src/domain/loopback.ts';
import { createHttpApp, type Health } from '../../../src/edge/http/app.ts';
import { HEALTH as health } from './call.ts';

const bugs: Error[] = [];
const appOf = (answer: () => Promise<Health>, host = '127.0.0.1') =>
  createHttpApp({ health: answer, host, onBug: (error) => bugs.push(error) });
const ask = (app: ReturnType<typeof appOf>, host: string | undefined, path = '/api/health') =>
  app.request(`http://x${path}`, { headers: host === undefined ? {} : { host } });

it.each(['127.0.0.1', '127.0.0.1:8100', 'localhost:8100', 'LOCALHOST', '[::1]:8100', '[::1]', '127.1.2.3:1'])(
  'answers to the loopback name %s',
  async (host) => {
    const answer = await ask(
      appOf(async () => health),
      host,
    );
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(health);
  },
);

it.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example:80',
  '[::1',
  'x@localhost:1',
])('answers to no other on loopback: %s', async (host) => {
  const answer = await ask(
    appOf(async () => health),
    host,
  );
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { code: 'invalid_input' } });
});

it('answers to every name where it is bound to more than loopback', async () => {
  expect(
    (
      await ask(
        appOf(async () => health, '0.0.0.0'),
        'engine.example',
      )
    ).status,
  ).toBe(200);
  expect(isLoopback('0.0.0.0')).toBe(false);
});

it.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['[::1]', true],
  ['LocalHost', true],
  ['127.999.1.1', false],
  ['127.1', false],
  ['127.0.0.1.evil.example', false],
  ['0127.0.0.1', false],
])('takes %s for a name of loopback: %s', async (name, is) => {
  expect(isLoopback(name)).toBe(is);
  if (name !== '::1')
    expect(
      (
        await ask(
          appOf(async () => health),
          `${name}:8100`,
        )
      ).status,
    ).toBe(is ? 200 : 422);
});

it('serves on while a task fails, and says which', async () => {
  const failing = [{ id: 'a', since: '2026-01-02T03:04:05.000Z', remedy: 'wait' }];
  const answer = await ask(
    appOf(async () => ({ ...health, status: 'failing', failing })),
    'localhost',
  );
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'failing', failing });
});

it.each(['starting', 'degraded', 'stopping'] as const)('is no healthy one while %s', async (status) => {
  const answer = await ask(
    appOf(async () => ({ ...health, status })),
    'localhost',
  );
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status });
});

it('gives errors one shape, and of a bug no more than that there is one', async () => {
  const refused = await ask(
    appOf(() => Promise.reject(new PawlError('unavailable', 'later'))),
    'localhost',
  );
  expect(refused.status).toBe(503);
  expect(await refused.json()).toEqual({ error: { code: 'unavailable', message: 'later' } });
  const bug = new Error('the secret');
  const broken = await ask(
    appOf(() => Promise.reject(bug)),
    'localhost',
  );
  expect(broken.status).toBe(500);
  expect(await broken.text()).not.toContain('secret');
  expect(bugs).toEqual([bug]);
  expect(
    (
      await ask(
        appOf(async () => health),
        'localhost',
        '/api/x',
      )
    ).status,
  ).toBe(404);
});
