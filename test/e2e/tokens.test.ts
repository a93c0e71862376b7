/** Tokens with a name, as their holders and the local user see them, on a real engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/client.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, attach, by, closed, type EngineRig, lastDocument, startRig } from './rig.ts';

let engine: EngineRig;
beforeAll(async () => {
  engine = await startRig();
});
afterAll(() => engine.close());

const holding = (PAWL_TOKEN: string) => ({ PAWL_URL: engine.endpoints.api, PAWL_TOKEN });
const as = (token: string, ...args: readonly string[]) => engine.pawl(args, { env: holding(token) });

describe('on the command line', () => {
  it('one is made, lets its holder do what its scope says, and is refused once it is revoked', async () => {
    const made = await engine.pawl(['token', 'create', 'ci', '--scope', 'operate', '--expires', '30d']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const token = made.out;
    expect(await as(token, 'create', 'Write the notes', '--id', 'notes')).toMatchObject({ code: 0 });
    expect((await as(token, 'list')).out).toContain('notes');
    for (const args of [['list'], ['revoke', 'ci'], ['create', 'more', '--scope', 'approve']])
      expect(await as(token, 'token', ...args)).toMatchObject({
        code: 2,
        err: expect.stringContaining(
          'expected the token of the local user, got the token ci with the scope operate',
        ),
      });
    expect((await engine.pawl(['token', 'list'])).out).toMatch(/^ci {2}operate {2}made .*, until 20/);
    expect(await engine.pawl(['token', 'revoke', 'ci'])).toMatchObject({ code: 0 });
    expect(await as(token, 'list')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/the token ci was revoked at .*`pawl token create NAME` makes one/),
    });
  });

  it('no file of the home has it', async () => {
    const { token } = JSON.parse(
      (await engine.pawl(['token', 'create', 'seen', '--scope', 'read', '--json'])).out,
    );
    const texts = readdirSync(engine.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('temporal.db'))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(texts.filter((text) => text.includes(token.slice(-43)))).toEqual([]);
  });
});

it('a script makes, lists and revokes them, and one that is not the local user is told 403', async () => {
  const { token } = await engine.api.createToken({ name: 'script', scope: 'approve' });
  const held = await connect({ PAWL_HOME: engine.home, ...holding(token) });
  await expect(held.tokens({})).rejects.toMatchObject({ code: 'forbidden' });
  expect((await engine.api.tokens({})).tokens.map(({ name }) => name)).toContain('script');
  expect(await held.list({})).toMatchObject({ tasks: [expect.anything()] });
  await engine.api.revokeToken({ name: 'script' });
  await expect(held.list({})).rejects.toMatchObject({ message: expect.stringContaining('revoked') });
  await held.close();
});

it('who has one, and who had one, is known after the engine was killed', async () => {
  const { token } = await engine.api.createToken({ name: 'lasting', scope: 'read' });
  const { token: gone } = await engine.api.createToken({ name: 'gone', scope: 'read' });
  await engine.api.revokeToken({ name: 'gone' });
  await engine.leave();
  process.kill(engine.endpoints.pid, 'SIGKILL');
  expect(await engine.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  engine = await attach(engine);
  expect(lastDocument((await as(token, 'list', '--json')).out)).toMatchObject({ total: 1 });
  expect((await as(gone, 'list')).err).toContain('the token gone was revoked');
  expect((await engine.api.tokens({})).tokens.map(({ name }) => name)).toEqual([
    ...['ci', 'gone', 'lasting', 'script', 'seen'],
  ]);
});

it('decides under its name, whatever its holder says, and what it does is told apart from the local user', async () => {
  const { token } = await engine.api.createToken({ name: 'reviewer', scope: 'approve' });
  const held = await connect({ PAWL_HOME: engine.home, ...holding(token) });
  const id = await engine.run({ repository: newRepository(), ...by('writes', 'a.txt', 'a') });
  await engine.until(id, atGate);
  await held.approve({ id, by: userInfo().username });
  expect((await engine.until(id, closed)).gates.at(-1)).toMatchObject({ by: 'reviewer', via: 'client' });

  const cancelled = await engine.run({ repository: newRepository(), ...by('writes', 'a.txt', 'a') });
  await engine.until(cancelled, atGate);
  await held.cancel({ id: cancelled });
  const { history } = await engine.client.workflowService.getWorkflowExecutionHistory({
    namespace: engine.endpoints.namespace,
    execution: { workflowId: cancelled },
  });
  const causes = history?.events?.map(
    (event) => event.workflowExecutionCancelRequestedEventAttributes?.cause,
  );
  expect(causes).toContain('cancelled by reviewer');
  await held.close();
});
