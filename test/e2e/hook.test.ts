/** What `pawl hook install` writes, run as Claude Code runs it: by a shell, with the call on its stdin. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cacheFolder } from '../../scripts/setup/cache.mjs';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { freePort } from '../../src/engine/tcp-ports.ts';
import { createRig, type Rig } from './rig.ts';

let rig: Rig;
let person: string;
beforeEach(() => {
  rig = createRig();
  person = join(rig.home, 'person');
  mkdirSync(join(person, '.claude'), { recursive: true });
});
afterEach(async () => {
  rmSync(person, { recursive: true, force: true });
  await rig.close();
});

const SETTINGS = '{ "model": "opus", // mine\n  "hooks": {"PreToolUse": []} }\n';
const SERVERS = '{"mcpServers":{}}';
const settings = () => join(person, '.claude', 'settings.json');
const servers = () => join(person, '.claude.json');

async function install(...args: string[]) {
  writeFileSync(settings(), SETTINGS);
  writeFileSync(servers(), SERVERS);
  const told = await rig.pawl(['hook', 'install', 'claude', '--json', ...args], { env: { HOME: person } });
  expect(told).toMatchObject({ code: 0 });
  return JSON.parse(told.out);
}

/** More than a pipe holds. */
const CALL = JSON.stringify({
  tool_name: 'mcp__pawl__create',
  tool_input: { text: 'x'.repeat(1024 * 1024) },
});

/** The client has not been told Pawl's home. */
async function shell(command: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env;
  const own = { PATH, HOME: person, XDG_CACHE_HOME: dirname(cacheFolder()), PAWL_PORT: '0', ...env };
  const options = { input: CALL, extendEnv: false, env: own, reject: false };
  const { exitCode, stdout, stderr } = await execa('/bin/sh', ['-c', command], options);
  return { code: exitCode, out: stdout, err: stderr };
}

it('the engine is there before a call, also after it was killed, and all goes again', async () => {
  const { hook, entry } = await install();
  expect(JSON.parse(readFileSync(servers(), 'utf8')).mcpServers.pawl).toEqual(entry.entry);
  expect(await shell(hook.command)).toMatchObject({ code: 0, out: '' });
  const first = await liveEndpoints(rig.home);
  expect(await shell(hook.command)).toEqual({ code: 0, out: '', err: '' });
  process.kill(first?.pid ?? 0, 'SIGKILL');
  expect(await shell(hook.command)).toMatchObject({ code: 0, out: '' });
  const second = await liveEndpoints(rig.home);
  expect(second?.pid).not.toBe(first?.pid);

  // 2 would keep the call back from `pawl mcp`, which has an answer of its own.
  const wrong = await shell(hook.command, { PAWL_PORT: 'none' });
  expect(wrong).toEqual({ code: 1, out: '', err: expect.stringContaining('PAWL_PORT') });
  const elsewhere = { PAWL_URL: 'http://127.0.0.1:1', PAWL_TOKEN: 'x'.repeat(16) };
  expect(await shell(hook.command, elsewhere)).toEqual({ code: 0, out: '', err: '' });

  const gone = await rig.pawl(['hook', 'uninstall', 'claude'], { env: { HOME: person } });
  expect(gone).toMatchObject({ code: 0 });
  expect(readFileSync(settings(), 'utf8')).toBe(SETTINGS);
  expect(readFileSync(servers(), 'utf8')).toBe(SERVERS);
});

it('a client over HTTP has the engine at its address, with the token', async () => {
  const port = await freePort([]);
  const url = `http://127.0.0.1:${port}/mcp?toolset=core,loop`;
  const { hook, entry } = await install('--url', url);
  const taken = createServer().listen(port, '127.0.0.1');
  const kept = await shell(hook.command);
  expect(kept).toEqual({ code: 2, out: '', err: expect.stringContaining(`port ${port} is in use by`) });
  await new Promise((done) => taken.close(done));

  expect(await shell(hook.command)).toMatchObject({ code: 0, out: '' });
  const headers = JSON.parse((await shell(entry.entry.headersHelper)).out);
  expect(headers).toEqual({ Authorization: `Bearer ${tokenOf(rig.home)}` });
  expect(readFileSync(servers(), 'utf8')).not.toContain(tokenOf(rig.home));
  const answer = await fetch(entry.entry.url, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  });
  expect({ status: answer.status, body: await answer.text() }).toEqual({
    status: 200,
    body: expect.stringContaining('start_execution'),
  });

  // The same engine at another port: what answers at the old one gets no token.
  await rig.pawl(['down']);
  expect(await rig.pawl(['up', '-d', '--port', '0'])).toMatchObject({ code: 0 });
  const moved = await shell(hook.command);
  expect(moved).toEqual({ code: 2, out: '', err: expect.stringContaining('pawl hook install claude --url') });
});

it('refuses an address to which the token of the home must not go', async () => {
  for (const url of [
    'http://example.com/mcp',
    'https://127.0.0.1:8100/mcp',
    'http://127.0.0.1:8100/api',
    'http://x:secret@127.0.0.1/mcp',
    'x',
  ]) {
    const told = await rig.pawl(['hook', 'install', 'claude', '--force', '--url', url], {
      env: { HOME: person },
    });
    expect(told).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining('--url: expected the address of /mcp'),
    });
    expect(told.err).not.toContain('secret');
  }
  const unknown = ['hook', 'install', 'claude', '--force', '--url', 'http://127.0.0.1:8100/mcp?toolset=all'];
  expect(await rig.pawl(unknown)).toMatchObject({
    code: 2,
    err: expect.stringContaining('expected toolsets of'),
  });
});
