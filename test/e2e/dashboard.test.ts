/** Getting into the dashboard as a person does: by the link of a real engine, with the requests that a page makes. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Pawl } from '../../src/client.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { callOverHttp } from './over-http.ts';
import { atGate, attach, by, closed, type EngineRig, lastDocument, startRig } from './rig.ts';

let engine: EngineRig;
const held: Pawl[] = [];
beforeAll(async () => {
  engine = await startRig();
});
afterAll(async () => {
  await Promise.all(held.map((pawl) => pawl.close()));
  await engine.close();
});

const json = { 'content-type': 'application/json' };
/** What a page does with the link that it was opened by. */
async function opened(link: unknown) {
  const url = new URL(String(link));
  const answer = await fetch(new URL('/api/dashboard/tokens', url), {
    method: 'POST',
    headers: { ...json, origin: url.origin },
    body: JSON.stringify({ code: url.hash.replace('#code=', '') }),
  });
  return { status: answer.status, body: Object(await answer.json()) };
}
const listed = (token: string) =>
  fetch(`${engine.endpoints.api}/api/tasks`, { headers: { authorization: `Bearer ${token}` } });
async function holding(PAWL_TOKEN: string): Promise<Pawl> {
  const pawl = await connect({ PAWL_HOME: engine.home, PAWL_URL: engine.endpoints.api, PAWL_TOKEN });
  held.push(pawl);
  return pawl;
}
const linkOf = async (...args: readonly string[]) =>
  (await engine.pawl(['dashboard', '--json', ...args]).then(({ out }) => lastDocument(out))).url;
const me = userInfo().username;

describe('the link', () => {
  it('of `pawl dashboard` opens the page once', async () => {
    const { code, out, err } = await engine.pawl(['dashboard']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{22}$/);
    const first = await opened(out);
    expect(first).toMatchObject({
      status: 200,
      body: { name: me, scope: 'approve', scopes: ['read', 'operate', 'approve'] },
    });
    expect((await listed(first.body.token)).status).toBe(200);
    const error = { code: 'unauthorized', message: expect.stringContaining('run `pawl dashboard`') };
    expect(await opened(out)).toEqual({ status: 401, body: { error } });
  });

  it('is printed by `up` as well, and in no log', async () => {
    const up = lastDocument((await engine.pawl(['up', '-d', '--json'])).out);
    const text = (await engine.pawl(['up', '-d'])).out;
    const [, printed] = /^ {2}Dashboard {2}(\S+)$/m.exec(text) ?? [];
    for (const link of [up.dashboard, printed]) expect(await opened(link)).toMatchObject({ status: 200 });
    expect(readFileSync(engine.places.log, 'utf8')).toContain('Temporal at');
    expect(readFileSync(engine.places.log, 'utf8')).not.toContain('code=');
  });

  it('of a shell with PAWL_URL leads to where that shell reaches the engine', async () => {
    const { port } = new URL(engine.endpoints.api);
    const { token } = await engine.api.createToken({ name: 'far', scope: 'operate' });
    const env = { PAWL_URL: `http://localhost:${port}`, PAWL_TOKEN: token };
    const { out } = await engine.pawl(['dashboard'], { env });
    expect(out).toMatch(new RegExp(`^http://localhost:${port}/#code=`));
    expect(await opened(out)).toMatchObject({ status: 200, body: { name: 'far', scope: 'operate' } });
    expect(await engine.pawl(['dashboard', '--scope', 'approve'], { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected a token with the scope approve, got the token far'),
    });
  });

  it('is refused a key, which would keep it', async () => {
    await expect(engine.api.dashboard({}, { key: 'k' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a tab', () => {
  it.each([
    ['the person', me, linkOf],
    [
      'a token with a name',
      'lead',
      async () => {
        const { token } = await engine.api.createToken({ name: 'lead', scope: 'approve' });
        return (await (await holding(token)).dashboard({})).url;
      },
    ],
  ])('decides under the name of %s that asked for its link', async (_, name, link) => {
    const pawl = await holding((await opened(await link())).body.token);
    const id = await engine.run({ repository: newRepository(), ...by('writes', 'a.txt', 'a') });
    for await (const state of pawl.follow(id)) if (atGate(state)) break;
    await pawl.approve({ id, by: 'somebody', via: 'http' });
    expect((await engine.until(id, closed)).gates.at(-1)).toMatchObject({ by: name, via: 'http' });
  });

  it('of a read link only looks, over HTTP and /mcp', async () => {
    const { token } = (await opened(await linkOf('--scope', 'read'))).body;
    const pawl = await holding(token);
    expect(await pawl.list({})).toMatchObject({ tasks: expect.anything() });
    await expect(pawl.create({ id: 'no', title: 'No' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(pawl.dashboard({ scope: 'operate' })).rejects.toMatchObject({ code: 'forbidden' });
    const { api } = engine.endpoints;
    const asked = (name: string, input: Record<string, unknown>) =>
      callOverHttp({ api, token, toolset: 'core' }, name, input);
    expect(await asked('list', {})).toMatchObject({ tasks: expect.anything() });
    expect(await asked('create', { id: 'no', title: 'No' })).toMatchObject({ code: 'forbidden' });
  });

  it('falls with the token with a name that its link was made with', async () => {
    const { token: ci } = await engine.api.createToken({ name: 'ci', scope: 'operate' });
    const { url } = await (await holding(ci)).dashboard({});
    const { token } = (await opened(url)).body;
    expect((await listed(token)).status).toBe(200);
    await engine.api.revokeToken({ name: 'ci' });
    const answer = await listed(token);
    expect(answer.status).toBe(401);
    expect(Object(await answer.json()).error.message).toMatch(
      /the token ci was revoked.*run `pawl dashboard`/,
    );
  });

  it('goes on after the engine was killed, and ends where the token of the local user is another one', async () => {
    const { token } = (await opened(await linkOf())).body;
    const link = await linkOf();
    await engine.leave();
    process.kill(engine.endpoints.pid, 'SIGKILL');
    const up = await engine.pawl(['up', '-d']);
    expect(up).toMatchObject({ code: 0 });
    engine = await attach(engine);
    expect((await listed(token)).status).toBe(200);
    // A link is of the engine that made it: its port may be another one's by now.
    const moved = new URL(new URL(String(link)).hash, engine.endpoints.api);
    expect(await opened(moved)).toMatchObject({ status: 401 });

    await engine.leave();
    await engine.pawl(['down']);
    const PAWL_TOKEN = 'another-token-of-the-user';
    expect(await engine.pawl(['up', '-d'], { env: { PAWL_TOKEN } })).toMatchObject({ code: 0 });
    engine = await attach(engine);
    expect((await listed(token)).status).toBe(401);
    await engine.leave();
    await engine.pawl(['down']);
    expect(await engine.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    engine = await attach(engine);
    expect((await listed(token)).status).toBe(200);
  });
});
