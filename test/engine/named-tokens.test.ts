/** Tokens with a name, on a real home: what is kept of them, and which of them are taken when. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { placesIn } from '../../src/config.ts';
import { callNamed, callsOf } from '../../src/domain/calls.ts';
import type { Handlers, OutputOf } from '../../src/domain/operations.ts';
import { localCaller } from '../../src/domain/scopes.ts';
import { KeptToken } from '../../src/domain/tokens.ts';
import { secretOf, tokenOf } from '../../src/engine/home.ts';
import { createNamedTokens } from '../../src/engine/named-tokens.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';

function startIn(home: string, now = () => new Date(), onDamaged?: (line: string) => void) {
  const kept = createDocumentStore(placesIn(home).tokens, KeptToken, onDamaged);
  const { calls, callerOf } = createNamedTokens({ secret: secretOf(home), kept, localUser: 'ann', now });
  return {
    callerOf,
    call: <N extends keyof typeof calls>(name: N, input: object) =>
      callNamed(callsOf(localCaller('ann'), calls as Handlers), name)(input) as Promise<OutputOf<N>>,
  };
}

const start = (now?: () => Date) => startIn(scratchFolder('home'), now);

it.each([
  ['read', ['read']],
  ['operate', ['read', 'operate']],
  ['approve', ['read', 'operate', 'approve']],
] as const)('a token with the scope %s is its name and may do %j', async (scope, scopes) => {
  const { call, callerOf } = start();
  const { token, ...row } = await call('createToken', { name: 'ci', scope });
  expect(token).toMatch(/^pawl_[\w-]+\.[\w-]{43}$/);
  expect(row).toEqual({ name: 'ci', scope, createdAt: expect.any(String) });
  expect(await callerOf(token)).toEqual({ name: 'ci', scopes, tokenId: expect.any(String) });
  expect(await call('tokens', {})).toEqual({ tokens: [row] });
});

it('is refused from the next call on that follows its revocation, and is told when that was', async () => {
  const { call, callerOf } = start();
  const { token } = await call('createToken', { name: 'ci', scope: 'read' });
  const revoked = await call('revokeToken', { name: 'ci' });
  const problem = `the token ci was revoked at ${revoked.revokedAt}`;
  expect(await callerOf(token)).toEqual({ problem });
  // Once more is the same.
  expect(await call('revokeToken', { name: 'ci' })).toEqual(revoked);
  expect(await call('tokens', {})).toEqual({ tokens: [revoked] });
  await expect(call('revokeToken', { name: 'none' })).rejects.toMatchObject({ code: 'not_found' });
});

it('ends with its time, and its name may be given again', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const { call, callerOf } = start(() => now);
  const { token, expiresAt } = await call('createToken', { name: 'ci', scope: 'read', expires: '30d' });
  expect(expiresAt).toBe('2026-01-31T00:00:00.000Z');
  now = new Date('2026-01-30T23:59:59Z');
  expect(await callerOf(token)).toMatchObject({ name: 'ci' });
  await expect(call('createToken', { name: 'ci', scope: 'read' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('pawl token revoke ci'),
  });
  now = new Date('2026-01-31T00:00:00Z');
  expect(await callerOf(token)).toEqual({ problem: `the token ci expired at ${expiresAt}` });
  expect(await call('createToken', { name: 'ci', scope: 'read' })).toMatchObject({ name: 'ci' });
});

it('does not come back to life with a newer one of its name', async () => {
  // A clock that stands still: what tells the two apart is no time.
  const { call, callerOf } = start(() => new Date('2026-01-01T00:00:00Z'));
  const older = await call('createToken', { name: 'ci', scope: 'approve' });
  await call('revokeToken', { name: 'ci' });
  const newer = await call('createToken', { name: 'ci', scope: 'read' });
  expect(newer.token).not.toBe(older.token);
  expect(await callerOf(older.token)).toEqual({
    problem: 'the token ci was replaced by a newer one of its name',
  });
  expect(await callerOf(newer.token)).toMatchObject({ scopes: ['read'] });
});

it('is known after a start of the engine, and in its own home alone', async () => {
  const home = scratchFolder('home');
  const { token } = await startIn(home).call('createToken', { name: 'ci', scope: 'operate' });
  const after = startIn(home);
  expect(await after.callerOf(token)).toMatchObject({ name: 'ci' });
  await after.call('revokeToken', { name: 'ci' });
  expect(await startIn(home).callerOf(token)).toMatchObject({ problem: expect.stringContaining('revoked') });

  const other = start();
  await other.call('createToken', { name: 'ci', scope: 'operate' });
  expect(await other.callerOf(token)).toEqual({ problem: 'the token is not one of this engine' });
});

it('is not taken with any character of it changed, cut off or put on', async () => {
  const { call, callerOf } = start();
  const { token } = await call('createToken', { name: 'ci', scope: 'read' });
  const forged = [...token].flatMap((character, at) =>
    ['A', 'B', '.', '_'].flatMap((other) =>
      other === character ? [] : [token.slice(0, at) + other + token.slice(at + 1)],
    ),
  );
  const others = [
    token.slice(0, -1),
    `${token}A`,
    `${token}.`,
    '',
    'pawl_',
    'pawl_.',
    `pawl_${'A'.repeat(50_000)}`,
  ];
  for (const text of [...forged, ...others])
    expect(await callerOf(text)).toEqual({ problem: 'the token is not one of this engine' });
});

it('cannot be made by its holder into one that may do more', async () => {
  const { call, callerOf } = start();
  const { token } = await call('createToken', { name: 'ci', scope: 'read' });
  const [, payload = '', mac] = /^pawl_([^.]+)\.(.+)$/.exec(token) ?? [];
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const more = Buffer.from(JSON.stringify({ ...said, scope: 'approve' })).toString('base64url');
  expect(await callerOf(`pawl_${more}.${mac}`)).toEqual({ problem: 'the token is not one of this engine' });
});

it.each<[string, Partial<KeptToken>]>([
  ['scope', { scope: 'read' }],
  ['scope', { scope: 'approve' }],
  ['end', { expiresAt: '2030-01-01T00:00:00.000Z' }],
  ['end', { expiresAt: undefined }],
])('is not taken where the home keeps another %s of it: %j', async (_, other) => {
  const home = scratchFolder('home');
  const { call, callerOf } = startIn(home, () => new Date('2026-01-01T00:00:00Z'));
  const { token } = await call('createToken', { name: 'ci', scope: 'operate', expires: '30d' });
  const kept = createDocumentStore(placesIn(home).tokens, KeptToken);
  const before = KeptToken.parse(await kept.read('ci'));
  await kept.put('ci', { ...before, ...other });
  expect(await callerOf(token)).toEqual({
    problem:
      'the token ci does not say of itself what this home keeps of it (its scope and its end): revoke it and make another',
  });
  await kept.put('ci', before);
  expect(await callerOf(token)).toMatchObject({ name: 'ci' });
});

it('is kept nowhere: the home has the list, for its user alone, and nothing that a token is in', async () => {
  const home = scratchFolder('home');
  const made = [];
  for (const name of ['ci', 'bot'])
    made.push(await startIn(home).call('createToken', { name, scope: 'read' }));
  const { tokens: folder } = placesIn(home);
  expect(readdirSync(folder).sort()).toEqual(['bot.json', 'ci.json']);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(folder)) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const { token } of made) expect(text).not.toContain(token.slice(-43));
  }
  expect(statSync(placesIn(home).secret).mode & 0o777).toBe(0o600);
  expect(secretOf(home)).not.toBe(tokenOf(home, {}));
});

it.each(['', '{}', '{"name":"ci","scope":"approve"', '[]'])(
  'is not taken where its file is damaged, and the others go on: %j',
  async (text) => {
    const home = scratchFolder('home');
    const warnings: string[] = [];
    const { call, callerOf } = startIn(home, undefined, (line) => warnings.push(line));
    const { token } = await call('createToken', { name: 'ci', scope: 'approve' });
    const file = join(placesIn(home).tokens, 'ci.json');
    writeFileSync(file, text);
    writeFileSync(join(placesIn(home).tokens, 'No name.json'), text);
    const damaged = expect.stringContaining(`${file} is damaged`);
    expect(await callerOf(token)).toEqual({ problem: damaged });
    const { token: other, ...row } = await call('createToken', { name: 'bot', scope: 'read' });
    expect(await callerOf(other)).toMatchObject({ name: 'bot' });
    warnings.length = 0;
    expect(await call('tokens', {})).toEqual({ tokens: [row] });
    expect(warnings.toSorted()).toEqual([damaged, 'no name of a document: No name']);
    // The name is not given again over what nobody can read.
    for (const act of [
      call('createToken', { name: 'ci', scope: 'read' }),
      call('revokeToken', { name: 'ci' }),
    ])
      await expect(act).rejects.toMatchObject({ message: damaged });
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

it('is given once, also when it is asked for twice at the same time', async () => {
  const { call, callerOf } = start();
  const asked = await Promise.allSettled(
    [1, 2, 3].map(() => call('createToken', { name: 'ci', scope: 'read' })),
  );
  const made = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value.token] : []));
  expect(made).toHaveLength(1);
  expect(await callerOf(made[0] ?? '')).toMatchObject({ name: 'ci' });
});

it.each([
  [{ name: 'ann', scope: 'read' }, 'conflict', 'local user'],
  [{ name: 'CI', scope: 'read' }, 'invalid_input', 'name'],
  [{ name: '../x', scope: 'read' }, 'invalid_input', 'name'],
  [{ name: '', scope: 'read' }, 'invalid_input', 'name'],
  [{ name: 'ci', scope: 'local' }, 'invalid_input', 'scope'],
  [{ name: 'ci', scope: 'agent' }, 'invalid_input', 'scope'],
  [{ name: 'ci', scope: 'read', expires: '30' }, 'invalid_input', '90m, 12h or 30d'],
  [{ name: 'ci', scope: 'read', expires: '0d' }, 'invalid_input', 'expires'],
  [{ name: 'ci', scope: 'read', expires: '3651d' }, 'invalid_input', 'expires'],
  [{ name: 'ci', scope: 'read', expires: '-1d' }, 'invalid_input', 'expires'],
])('refuses %j and makes nothing', async (input, code, word) => {
  const { call } = start();
  await expect(call('createToken', input)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(word),
  });
  expect(await call('tokens', {})).toEqual({ tokens: [] });
});
