/** What a token may have run that does not decide: nothing of its own, and only where somebody who may decide has run. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Pawl } from '../../src/client.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { CallOf } from '../../src/domain/operations.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, check, closed, type EngineRig, quoted, startRig } from './rig.ts';

let engine: EngineRig;
let token: string;
let operator: Pawl;
let approver: Pawl;
beforeAll(async () => {
  engine = await startRig();
  token = (await engine.api.createToken({ name: 'ci', scope: 'operate' })).token;
  operator = await holderOf(token);
  approver = await holderOf((await engine.api.createToken({ name: 'lead', scope: 'approve' })).token);
});
afterAll(async () => {
  await operator.close();
  await approver.close();
  await engine.close();
});

const holderOf = (PAWL_TOKEN: string) =>
  connect({ PAWL_HOME: engine.home, PAWL_URL: engine.endpoints.api, PAWL_TOKEN });

/** Its base names an agent and a check. */
const named = (): string =>
  newRepository({
    'a.txt': 'one\n',
    'pawl.yaml': `agents:\n  writer:\n    command: ${JSON.stringify(quoted(agent('writes', 'new.txt', 'new')))}\nchecks:\n  - git diff --check\n`,
  });
const runOf = (id: string, repository: string, own: Partial<CallOf<'run'>> = {}) => ({
  id,
  requirement: 'Do the work',
  repository,
  agent: { name: 'writer' },
  ...own,
});
const exists = async (id: string) => (await engine.api.list({ id: [TaskId.parse(id)] })).total > 0;

/** Over /mcp with the token that may operate. */
async function callTool(name: string, input: Record<string, unknown>) {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${engine.endpoints.api}/mcp?toolset=core,orchestrator`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  return client.callTool({ name, arguments: input }).finally(() => client.close());
}

describe('a program of its own', () => {
  const OWN: readonly [string, Partial<CallOf<'run'>>][] = [
    ['agent.command', by('writes', 'a.txt', 'a')],
    ['agent.env', { agent: { name: 'writer', env: ['HOME'] } }],
    ['checks', { checks: [check('0')] }],
    ['checks', { checks: [] }],
    ['setup', { setup: ['true'] }],
    ['policy.permissions: allow', { policy: { permissions: 'allow' } }],
    ['agent.command, checks', { ...by('writes', 'a.txt', 'a'), checks: [check('0')] }],
  ];

  it.each(OWN)('is refused where it would run otherwise: %s', async (parts, own) => {
    const repository = named();
    await openTo(repository);
    await expect(operator.run(runOf('own', repository, own))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining(
        `${parts}: expected a token with the scope approve, got the token ci with the scope operate; leave it out`,
      ),
    });
    expect(await exists('own')).toBe(false);
  });

  it('is refused over /mcp as well, and by HTTP with the status 403', async () => {
    const repository = named();
    await openTo(repository);
    const input = { id: 'own', requirement: 'Do the work', repository, agent: 'writer', checks: ['true'] };
    expect(await callTool('run', input)).toMatchObject({
      isError: true,
      structuredContent: { code: 'forbidden', message: expect.stringContaining('checks') },
    });
    const answer = await fetch(`${engine.endpoints.api}/api/runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(runOf('own', repository, { setup: ['true'] })),
    });
    expect(answer.status).toBe(403);
    expect(await exists('own')).toBe(false);
  });
});

/** The local user runs there once. */
async function openTo(repository: string, base = 'main'): Promise<void> {
  const id = await engine.run({ repository, base, ...by('writes', 'x.txt', 'x') });
  await engine.api.cancel({ id });
}

describe('a repository', () => {
  it('is closed until somebody who may decide has run there, and only that base is open then', async () => {
    const repository = named();
    userGit(repository, 'branch', 'other');
    const refused = {
      code: 'forbidden',
      message: expect.stringMatching(
        /on main and the token ci .* one `pawl run` there by the local user, or with a token/,
      ),
    };
    await expect(operator.run(runOf('first', repository))).rejects.toMatchObject(refused);
    expect(await callTool('run', { id: 'first', requirement: 'x', repository })).toMatchObject({
      isError: true,
      structuredContent: { code: 'forbidden' },
    });
    expect(await exists('first')).toBe(false);
    // Refused itself, it opens nothing.
    await expect(operator.run(runOf('first', repository))).rejects.toMatchObject(refused);

    await approver.run(runOf('opens', repository));
    expect(await operator.run(runOf('first', repository))).toEqual({ id: 'first', created: true });
    await expect(operator.run(runOf('second', repository, { base: 'other' }))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('on other'),
    });
    await engine.until('first', atGate);
    await expect(operator.approve({ id: 'first' })).rejects.toMatchObject({ code: 'forbidden' });
    await approver.approve({ id: 'first' });
    const done = await engine.until('first', closed);
    expect(done).toMatchObject({ status: 'completed' });
    expect(done.gates.at(-1)).toMatchObject({ by: 'lead' });
    await engine.api.cancel({ id: 'opens' });
  });

  it('is not opened by a run that is refused for another reason', async () => {
    const repository = named();
    await approver.create({ id: 'taken', title: 'Taken' });
    await expect(approver.run(runOf('taken', repository))).rejects.toMatchObject({ code: 'conflict' });
    await expect(operator.run(runOf('after', repository))).rejects.toMatchObject({ code: 'forbidden' });
  });
});

it('an escalation is answered by retry or tell only of somebody who may decide; else both go on as before', async () => {
  const id = await engine.run({ repository: newRepository(), ...by('blocked') });
  await engine.until(id, atGate);
  const forbidden = { code: 'forbidden', message: expect.stringContaining('a token with the scope approve') };
  await expect(operator.retry({ id })).rejects.toMatchObject(forbidden);
  await expect(operator.tell({ id, text: 'go on' })).rejects.toMatchObject(forbidden);
  for (const [tool, input] of [
    ['control', { id, action: 'retry' }],
    ['update', { id, tell: 'go on' }],
  ] as const)
    expect(await callTool(tool, input)).toMatchObject({
      isError: true,
      structuredContent: { code: 'forbidden' },
    });
  const state = await engine.api.show({ id });
  expect(state.gates).toMatchObject([{ gate: 'escalation', status: 'open' }]);
  expect(state.attempts).toHaveLength(1);

  expect(await approver.retry({ id })).toEqual({ id, created: false });
  const again = await engine.until(id, (now) => atGate(now) && now.attempts.length === 2);
  expect(again.gates[0]).toMatchObject({ gate: 'escalation', status: 'approved', by: 'lead' });
  await approver.cancel({ id });
  expect(await operator.retry({ id })).toEqual({ id, created: true });
  await engine.until(id, atGate);
  await operator.cancel({ id });
});

it('a gate is closed by complete only of somebody who may decide, and kept under their name', async () => {
  for (const program of [by('blocked'), by('writes', 'a.txt', 'a')]) {
    const id = await engine.run({ repository: newRepository(), ...program });
    await engine.until(id, atGate);
    const failed = { id, summary: 'not worth it', outcome: 'failed' } as const;
    await expect(operator.complete(failed)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('a token with the scope approve, got the token ci'),
    });
    expect(await callTool('complete', failed)).toMatchObject({
      isError: true,
      structuredContent: { code: 'forbidden' },
    });
    expect((await engine.api.show({ id })).gates.at(-1)).toMatchObject({ status: 'open' });
    // Nobody says of themselves who they are, or that they may.
    for (const own of [{ by: 'lead' }, { mayDecide: false }])
      await expect(approver.complete({ ...failed, ...own })).rejects.toMatchObject({ code: 'invalid_input' });

    await approver.complete(failed);
    const { gates } = await engine.until(id, closed);
    expect(gates.at(-1)).toMatchObject({ status: 'rejected', by: 'lead', reason: 'not worth it' });
  }
});

it('a task that clients work on is called failed by who may operate, and answered again as before', async () => {
  await operator.create({ id: 'own-work', title: 'Own work' });
  const failed = { id: 'own-work', summary: 'gone wrong', outcome: 'failed', messageId: 'm-1' } as const;
  const answer = await operator.complete(failed);
  expect(answer).toEqual({ id: 'own-work', status: 'failed', before: { status: 'pending' } });
  expect(await approver.complete(failed)).toEqual(answer);
});
