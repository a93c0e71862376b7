/** Tokens of the dashboard's tabs: until when each is taken, and by which engine. */
import { expect, it } from 'vitest';
import { refuseAsLocal } from '../../src/engine/named-tokens.ts';
import { ANN, clock, startTabs } from './tabs-rig.ts';

type Tabs = ReturnType<typeof startTabs>;
const opened = async (tabs: Tabs, ...asked: Parameters<Tabs['link']>) =>
  tabs.open((await tabs.link(...asked)).code);
const NOT_OURS = { problem: 'the token is not one of this engine' };
const NEW_LINK = 'run `pawl dashboard` for a new link';

it('is taken by the engine that is started again in its home, and by no other', async () => {
  const tabs = startTabs();
  const { token } = await opened(tabs);
  expect(await startTabs({ home: tabs.home }).holder(token)).toMatchObject({
    name: 'ann',
    scopes: ['read', 'operate', 'approve'],
  });
  // Though its local user has the same token.
  expect(await startTabs().callerOf(token)).toEqual(NOT_OURS);
});

it('falls when the token of the local user is another one', async () => {
  const tabs = startTabs();
  const { token } = await opened(tabs);
  const after = startTabs({ home: tabs.home, localToken: 'another-token-of-the-user' });
  expect(await after.callerOf(token)).toEqual(NOT_OURS);
});

it('ends after twelve hours', async () => {
  const { now, pass } = clock();
  const tabs = startTabs({ now });
  const { token, expiresAt } = await opened(tabs);
  pass(12 * 60 - 1);
  expect(await tabs.holder(token)).toMatchObject({ name: 'ann' });
  pass(1);
  const problem = `this tab of the dashboard expired at ${expiresAt}`;
  expect(await tabs.callerOf(token)).toEqual({ problem, remedy: NEW_LINK });
});

it('falls with the token with a name that its link was made with, and not with a newer one of the name', async () => {
  const tabs = startTabs();
  const made = () => tabs.call(ANN, 'createToken', { name: 'ci', scope: 'approve' });
  const { token: ci } = await made();
  const { token } = await opened(tabs, await tabs.holder(ci), { scope: 'read' });
  expect(await tabs.holder(token)).toMatchObject({ name: 'ci', scopes: ['read'] });
  const { revokedAt } = await tabs.call(ANN, 'revokeToken', { name: 'ci' });
  const fallen = (why: string) => ({
    problem: `this tab was opened with a token that is not taken any more: ${why}`,
    remedy: NEW_LINK,
  });
  expect(await tabs.callerOf(token)).toEqual(fallen(`the token ci was revoked at ${revokedAt}`));
  await made();
  expect(await tabs.callerOf(token)).toEqual(fallen('the token ci was replaced by a newer one of its name'));
});

it('holds no longer than the token that its link was made with, through however many tabs', async () => {
  const { now, pass } = clock();
  const tabs = startTabs({ now });
  const { token: ci } = await tabs.call(ANN, 'createToken', { name: 'ci', scope: 'read', expires: '2h' });
  expect(await opened(tabs, await tabs.holder(ci))).toMatchObject({ expiresAt: '2026-01-01T02:00:00.000Z' });
  const tab = await opened(tabs);
  pass(6 * 60);
  const next = await opened(tabs, await tabs.holder(tab.token));
  expect(next.expiresAt).toBe(tab.expiresAt);
  expect(await opened(tabs, await tabs.holder(next.token))).toMatchObject({ expiresAt: tab.expiresAt });
  pass(6 * 60 - 5);
  expect(await tabs.link(await tabs.holder(next.token))).toMatchObject({ expiresAt: tab.expiresAt });
});

it('gives no more than its own scope', async () => {
  const tabs = startTabs();
  const { token } = await opened(tabs, ANN, { scope: 'read' });
  const holder = await tabs.holder(token);
  await expect(tabs.link(holder, { scope: 'operate' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await tabs.link(holder)).toMatchObject({ scope: 'read' });
  await expect(tabs.call(holder, 'tokens', {})).rejects.toMatchObject({ code: 'forbidden' });
});

it('is not taken changed, and makes nobody the local user', async () => {
  const tabs = startTabs();
  const { token } = await opened(tabs, ANN, { scope: 'read' });
  const [, payload = '', mac] = /^pawl_([^.]+)\.(.+)$/.exec(token) ?? [];
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const more = Buffer.from(JSON.stringify({ ...said, scope: 'approve' })).toString('base64url');
  for (const wrong of [`pawl_${more}.${mac}`, `${token}A`, token.slice(0, -1)])
    expect(await tabs.callerOf(wrong)).toEqual(NOT_OURS);
  expect(() => refuseAsLocal(token, undefined)).toThrow(/got one with a name, of an attempt or of a tab/);
});

it('says where the program ran that asked for the link', async () => {
  const tabs = startTabs();
  const { token } = await opened(tabs, { ...ANN, inside: 'attempt 2 of fix-login' });
  expect(await tabs.holder(token)).toMatchObject({ name: 'ann', inside: 'attempt 2 of fix-login' });
});
