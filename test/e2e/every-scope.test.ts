/**
 * Every operation and every tool, called by everybody there is: who may not is told so with one status, and nothing has
 * changed. The rows are those of the tables, so that a new operation or tool is here by itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { type OperationName, operations } from '../../src/domain/operations.ts';
import { SCOPES, SCOPES_OF, type Scope } from '../../src/domain/scopes.ts';
import { lesserToken } from '../../src/edge/http/authentication.ts';
import { COMPAT_ROUTES } from '../../src/edge/http/compat-routes.ts';
import { writeQuery } from '../../src/edge/http/query-string.ts';
import { READS_BY_BODY, ROUTES } from '../../src/edge/http/routes.ts';
import { STREAMS } from '../../src/edge/http/streams.ts';
import { TOOLSET_NAMES, toolsOf } from '../../src/edge/mcp/toolsets.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { BEGUN, FIT, id } from './fit-calls.ts';
import { attemptTokenIn, tabTokenIn, tamperedWith, tokenIn } from './made-tokens.ts';
import { by, type EngineRig, startRig } from './rig.ts';

/** What each of them may do; nothing for a token that is not taken. */
const CALLERS: Readonly<Record<string, readonly Scope[] | undefined>> = {
  'no token': undefined,
  'a wrong token': undefined,
  'a token of another home': undefined,
  'a revoked token': undefined,
  'an expired token': undefined,
  'a token that was replaced': undefined,
  'a token that was tampered with': undefined,
  'an attempt that is over': undefined,
  'an attempt that runs': ['agent'],
  read: SCOPES_OF.read,
  operate: SCOPES_OF.operate,
  approve: SCOPES_OF.approve,
  'read of the local user': SCOPES_OF.read,
  'operate of the local user': SCOPES_OF.operate,
  'the local user': SCOPES,
  'a tab that may read': SCOPES_OF.read,
  'a tab that may approve': SCOPES_OF.approve,
  'a tab that expired': undefined,
  'a tab of another home': undefined,
  'a tab of a revoked token': undefined,
};
const held: Record<string, string> = {};

/** What no operation takes: whoever may call it is told so, and nothing is done. */
const UNFIT = { 'no-such-field': '1' };

let rig: EngineRig;
/** An agent works on it as long as the tests last. */
let worked: TaskId;
beforeAll(async () => {
  rig = await startRig();
  await rig.api.create({ id, title: 'Mine' });
  await rig.api.startExecution(BEGUN);
  await rig.api.create({ id: 'closed', title: 'Closed' });
  await rig.api.complete({ id: 'closed', summary: 'gone wrong', outcome: 'failed' });
  const made = async (name: string, scope: 'read' | 'operate' | 'approve' = 'approve') =>
    (await rig.api.createToken({ name, scope })).token;
  for (const scope of ['read', 'operate', 'approve'] as const) held[scope] = await made(scope, scope);
  held['a wrong token'] = 'x'.repeat(43);
  held['a token of another home'] = await tokenIn(scratchFolder('home'), 'approve', new Date());
  held['a revoked token'] = await made('revoked');
  await rig.api.revokeToken({ name: 'revoked' });
  held['an expired token'] = await tokenIn(rig.home, 'expired', new Date(Date.now() - 120_000));
  held['a token that was replaced'] = await made('replaced');
  await rig.api.revokeToken({ name: 'replaced' });
  await made('replaced');
  held['a token that was tampered with'] = tamperedWith(held.approve ?? '');
  worked = TaskId.parse(await rig.run({ repository: newRepository(), ...by('waits') }));
  const { run } = await rig.until(worked, ({ attempts }) => attempts[0]?.outcome === 'running');
  // From here on its files stay as they are.
  const saidReady = async () => expect(JSON.stringify(await rig.api.logs({ id: worked }))).toContain('ready');
  await vi.waitFor(saidReady, 60_000);
  const attempt = { task: worked, ...(run === undefined ? {} : { run }) };
  held['an attempt that runs'] = attemptTokenIn(rig.home, { ...attempt, number: 1 });
  held['an attempt that is over'] = attemptTokenIn(rig.home, { ...attempt, number: 2 });
  const local = tokenOf(rig.home, {});
  held['the local user'] = local;
  held['read of the local user'] = lesserToken(local, 'read');
  held['operate of the local user'] = lesserToken(local, 'operate');
  held['a tab that may read'] = tabTokenIn(rig.home, { scope: 'read' });
  held['a tab that may approve'] = tabTokenIn(rig.home, {});
  held['a tab that expired'] = tabTokenIn(rig.home, { expiresAt: new Date().toISOString() });
  held['a tab of another home'] = tabTokenIn(scratchFolder('home'), {}, local);
  held['a tab of a revoked token'] = tabTokenIn(rig.home, { name: 'revoked', tokenId: 'of-it' });
});
afterAll(async () => {
  await rig.api.cancel({ id: worked });
  await rig.close();
});

const headersOf = (caller: string): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  ...(held[caller] !== undefined && { authorization: `Bearer ${held[caller]}` }),
});

/** All that can be seen of what there is: tasks, tokens, sessions, and the files of the home but databases and logs. */
async function everything() {
  const { tasks } = await rig.api.list({ withArchived: true });
  const files = readdirSync(rig.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(db|log|jsonl)(-\w+)?$|\.lock|^call-errors/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return {
    states: await Promise.all(tasks.map((task) => rig.api.show({ id: task.id }))),
    executions: await Promise.all(
      (await rig.api.executions({})).executions.map((one) => rig.api.execution({ id: one.id })),
    ),
    tokens: await rig.api.tokens({}),
    sessions: await rig.api.sessions({}),
    files: files.map((file) => [file, readFileSync(file, 'latin1')]),
    restarts: (await rig.api.vitals({})).restarts,
  };
}

const expectUnchanged = async (act: () => Promise<void>) => {
  const before = await everything();
  await act();
  expect(await everything()).toEqual(before);
};

describe.each(Object.entries(CALLERS))('%s', (caller, scopes) => {
  const statusFor = (scope: Scope, fit: number, forAttempts = false): number => {
    if (scopes === undefined) return 401;
    return scopes.includes(scope) || (forAttempts && scopes.includes('agent')) ? fit : 403;
  };

  it('is answered by every operation over HTTP as its scopes say', async () => {
    await expectUnchanged(async () => {
      for (const { name, method, path, scope, inPath } of [...READS_BY_BODY, ...ROUTES]) {
        const status = statusFor(scope, 422, FOR_ATTEMPTS.includes(name));
        const input: Record<string, unknown> = FIT[name];
        const given = status === 422 ? UNFIT : without(input, inPath);
        const place = path.replaceAll(/\{(\w+)\}/g, (_, field) => encodeURIComponent(String(input[field])));
        const answer =
          method === 'GET'
            ? await ask(caller, method, `${place}?${writeQuery(given)}`)
            : await ask(caller, method, place, given);
        expect({ name, status: answer.status }).toEqual({ name, status });
        if (status !== 422) expectWords(answer.error, scope, status);
      }
    });
  });

  it('is answered by what is no operation as well', async () => {
    for (const { path, scope } of STREAMS) {
      const answer = await ask(caller, 'GET', `${path.replace('{id}', 'nobody')}?unknown=1`);
      expect({ path, status: answer.status }).toEqual({ path, status: statusFor(scope, 422) });
    }
    const tickets = await ask(caller, 'POST', '/api/tickets');
    expect(tickets.status).toBe(statusFor('read', 200));
    expect((await ask(caller, 'GET', '/mcp/caller')).status).toBe(scopes === undefined ? 401 : 200);
    await expectUnchanged(async () => {
      for (const { name, path, method, scope } of COMPAT_ROUTES) {
        // No setting is known to it, and none is changed.
        const fit = name === 'changeSettings' ? 412 : 422;
        const place = path.replace('{path}', 'some');
        const answer =
          method === 'GET'
            ? await ask(caller, method, `${place}?unknown=1`)
            : await ask(caller, method, place, UNFIT);
        expect({ name, status: answer.status }).toEqual({ name, status: statusFor(scope, fit) });
      }
      const exported = await ask(caller, 'GET', '/api/export?unknown=1');
      expect(exported.status).toBe(statusFor('read', 422));
    });
    for (const path of ['/openapi.json', '/nothing'])
      expect((await ask(caller, 'GET', path)).status).toBe(
        scopes === undefined ? 401 : path === '/nothing' ? 404 : 200,
      );
  });

  it('is answered by every tool over /mcp as its scopes say', async () => {
    await expectUnchanged(async () => {
      for (const { name, hints, scope = hints.readOnly ? 'read' : 'operate' } of TOOLS) {
        const status = statusFor(scope, 422, FOR_ATTEMPTS.includes(name));
        const answer = await callTool(caller, name);
        if (status === 401) {
          expect({ name, status: answer.status }).toEqual({ name, status });
          continue;
        }
        const code = status === 403 ? 'forbidden' : 'invalid_input';
        expect({ name, ...answer.result }).toMatchObject({
          name,
          isError: true,
          structuredContent: { code },
        });
        if (status === 403) expectWords(answer.result.structuredContent, scope, status);
      }
    });
  });
});

/** Operations and tools that are bound to the task of an attempt. */
const FOR_ATTEMPTS: readonly string[] = ['show', 'list', 'update', 'create'];
const TOOLS = toolsOf(TOOLSET_NAMES.join());

function expectWords(error: { message?: string; code?: string }, scope: Scope, status: number): void {
  expect(error.code).toBe(status === 401 ? 'unauthorized' : 'forbidden');
  const word = scope === 'local' ? 'the token of the local user' : `the scope ${scope}`;
  // Each says what to do.
  expect(error.message).toMatch(
    status === 401
      ? /`pawl token create NAME` makes one|run `pawl dashboard` for a new link/
      : new RegExp(`expected .*${word}.*; `),
  );
}

async function ask(caller: string, method: string, path: string, body?: object) {
  const answer = await fetch(`${rig.endpoints.api}${path}`, {
    method,
    headers: headersOf(caller),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { error = {} } = Object(await answer.json());
  return { status: answer.status, error };
}

async function callTool(caller: string, name: string) {
  const answer = await fetch(`${rig.endpoints.api}/mcp?toolset=${TOOLSET_NAMES.join()}`, {
    method: 'POST',
    headers: headersOf(caller),
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: UNFIT } }),
  });
  const text = await answer.text();
  const [, message = text] = /^data: (.*)$/m.exec(text) ?? [];
  return { status: answer.status, result: Object(JSON.parse(message)).result ?? {} };
}

const without = (input: Record<string, unknown>, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(input).filter(([field]) => !fields.includes(field)));

it.each(Object.keys(operations) as OperationName[])('%s is called here with what it takes', (name) => {
  expect(operations[name].input.safeParse(FIT[name]).error).toBeUndefined();
});
