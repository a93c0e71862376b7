/** Codes of links into the dashboard: who gets one for what, and that each is good once and for ten minutes. */
import { expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { attemptCaller, SCOPES_OF, type TokenScope } from '../../src/domain/scopes.ts';
import { newTask } from '../domain/tasks.ts';
import { ANN, clock, startTabs } from './tabs-rig.ts';

const NOT_TAKEN = {
  code: 'unauthorized',
  message: expect.stringMatching(/used.*older than ten minutes.*run `pawl dashboard` for a new link/),
};
const caller = (scope: TokenScope) => ({ name: 'ci', scopes: SCOPES_OF[scope] });

it('is a link to the engine, with the code where no server gets it', async () => {
  const { code, ...link } = await startTabs().link();
  expect(code).toMatch(/^[\w-]{22}$/);
  expect(link).toEqual({
    url: `http://127.0.0.1:8100/#code=${code}`,
    scope: 'approve',
    expiresAt: '2026-01-01T00:10:00.000Z',
  });
});

it.each([
  ['read', ['read']],
  ['operate', ['read', 'operate']],
  ['approve', ['read', 'operate', 'approve']],
] as const)('a token with the scope %s gets a link for that, and for less', async (scope, mayHave) => {
  const tabs = startTabs();
  expect(await tabs.link(caller(scope))).toMatchObject({ scope });
  for (const asked of ['read', 'operate', 'approve'] as const) {
    const link = tabs.link(caller(scope), { scope: asked });
    if ((mayHave as readonly string[]).includes(asked)) expect(await link).toMatchObject({ scope: asked });
    else
      await expect(link).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(`expected a token with the scope ${asked}, got the token ci with`),
      });
  }
});

it('the agent of an attempt gets none', async () => {
  const attempt = { task: newTask({}).id, run: 'a1', number: 1, token: 'fence', variables: [] };
  await expect(startTabs().link(attemptCaller(attempt))).rejects.toMatchObject({ code: 'forbidden' });
});

it('opens a tab once, as whoever asked for it', async () => {
  const tabs = startTabs();
  const { code } = await tabs.link(ANN, { scope: 'operate' });
  const opened = await tabs.open(code);
  expect(opened).toEqual({
    token: expect.stringMatching(/^pawl_[\w-]+\.[\w-]{43}$/),
    name: 'ann',
    scope: 'operate',
    scopes: ['read', 'operate'],
    expiresAt: '2026-01-01T12:00:00.000Z',
  });
  expect(await tabs.holder(opened.token)).toEqual({
    name: 'ann',
    scopes: ['read', 'operate'],
    expiresAt: opened.expiresAt,
  });
  await expect(tabs.open(code)).rejects.toMatchObject(NOT_TAKEN);
});

it('lets one in of two who bring it at the same time', async () => {
  const tabs = startTabs();
  const { code } = await tabs.link();
  const opened = await Promise.allSettled([1, 2, 3].map(() => tabs.open(code)));
  expect(opened.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});

it('is not taken late, unknown, changed, or after the engine was started again', async () => {
  const { now, pass } = clock();
  const tabs = startTabs({ now });
  const [inTime, late] = [await tabs.link(), await tabs.link()];
  pass(9.99);
  await tabs.open(inTime.code);
  pass(0.01);
  const { code } = await tabs.link();
  for (const wrong of [late.code, '', 'x'.repeat(22), code.slice(0, -1), `${code}x`, code.toUpperCase()])
    await expect(tabs.open(wrong)).rejects.toMatchObject(NOT_TAKEN);
  await expect(startTabs({ home: tabs.home, now }).open(code)).rejects.toMatchObject(NOT_TAKEN);
  expect(await tabs.open(code)).toMatchObject({ name: 'ann' });
});

it('of many that nobody opened the oldest fall, and nobody else’s', async () => {
  const tabs = startTabs();
  const theirs = await tabs.link(caller('read'));
  const first = await tabs.link();
  const second = await tabs.link();
  for (let more = 1; more < LIMITS.codesPerCallerMax; more++) await tabs.link();
  await expect(tabs.open(first.code)).rejects.toMatchObject(NOT_TAKEN);
  expect(await tabs.open(second.code)).toMatchObject({ name: 'ann' });
  expect(await tabs.open(theirs.code)).toMatchObject({ name: 'ci' });
});

it('is not pushed out by who may only look, in the name of the same person', async () => {
  const tabs = startTabs();
  const { code } = await tabs.link();
  const looking = await tabs.holder((await tabs.open((await tabs.link(ANN, { scope: 'read' })).code)).token);
  for (let more = 0; more <= LIMITS.codesPerCallerMax; more++) await tabs.link(looking);
  expect(await tabs.open(code)).toMatchObject({ name: 'ann', scope: 'approve' });
});

it('falls with the token with a name that it was made with', async () => {
  const tabs = startTabs();
  const { token } = await tabs.call(ANN, 'createToken', { name: 'ci', scope: 'operate' });
  const { code } = await tabs.link(await tabs.holder(token));
  await tabs.call(ANN, 'revokeToken', { name: 'ci' });
  await expect(tabs.open(code)).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.stringMatching(/the token ci was revoked at .*; run `pawl dashboard` for a new link/),
  });
});
