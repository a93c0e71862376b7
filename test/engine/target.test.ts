/** Which Temporal the settings name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { externalTarget, targetOf } from '../../src/engine/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawl-connect-'));
const file = join(folder, 'temporal.toml');
writeFileSync(
  file,
  `[profile.default]
address = "other-tools:7233"
namespace = "theirs"
[profile.mine]
address = "mine:7233"
namespace = "agents"
api_key = "secret"
[profile.empty]
namespace = "agents"
`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const env = { TEMPORAL_CONFIG_FILE: file };

it('takes an address with the variables around it, and nothing of a default profile', () => {
  const target = externalTarget(
    { kind: 'external', address: 'here:7233' },
    { ...env, TEMPORAL_NAMESPACE: 'ours' },
  );
  expect(target).toMatchObject({ address: 'here:7233', namespace: 'ours' });
  const bare = externalTarget({ kind: 'external', address: 'here:7233' }, env);
  expect(bare).toMatchObject({ address: 'here:7233', namespace: 'default' });
  expect(bare.connection.apiKey).toBeUndefined();
});

it('takes a profile that is named, and variables before what it says', () => {
  const target = externalTarget({ kind: 'external', profile: 'mine' }, env);
  expect(target).toMatchObject({
    address: 'mine:7233',
    namespace: 'agents',
    connection: { apiKey: 'secret', tls: true },
  });
  const moved = externalTarget(
    { kind: 'external', profile: 'mine' },
    { ...env, TEMPORAL_ADDRESS: 'moved:7233' },
  );
  expect(moved).toMatchObject({ address: 'moved:7233', namespace: 'agents' });
});

it('reaches a running engine at its address, with the credentials named here', () => {
  const temporal = { kind: 'external', profile: 'mine' } as const;
  expect(targetOf(temporal, 'engine:1', env)).toMatchObject({
    address: 'engine:1',
    connection: { apiKey: 'secret' },
  });
  expect(targetOf({ kind: 'embedded' }, 'engine:1', env).connection).toEqual({ address: 'engine:1' });
});

it.each([
  ['nowhere', /^cannot read the Temporal profile nowhere: /],
  ['empty', /^the Temporal profile empty names no address: add one, or set TEMPORAL_ADDRESS/],
])('says what is wrong with the profile %s', (profile, words) => {
  expect(() => externalTarget({ kind: 'external', profile }, env)).toThrow(words);
});

it('says what is wrong with a file that is none', () => {
  writeFileSync(join(folder, 'bad.toml'), '[profile');
  const bad = { TEMPORAL_CONFIG_FILE: join(folder, 'bad.toml') };
  expect(() => externalTarget({ kind: 'external', profile: 'mine' }, bad)).toThrow(
    /^cannot read the Temporal profile mine/,
  );
});

it.each([
  [{ TEMPORAL_ADDRESS: 'here:7233' }, { kind: 'external', address: 'here:7233' }],
  [
    { TEMPORAL_PROFILE: 'mine', PAWL_TEMPORAL_UI: 'https://temporal.example/ui/' },
    { kind: 'external', profile: 'mine', ui: 'https://temporal.example/ui' },
  ],
  // The embedded one has its own.
  [{ PAWL_TEMPORAL_UI: 'http://127.0.0.1:8233' }, { kind: 'embedded' }],
])('the settings %j name %j', (settings, temporal) =>
  expect(readConfig(settings).temporal).toEqual(temporal),
);

it.each(['8233', 'javascript:alert(1)', 'http://a:secret@here', 'http://here/?a=b', 'http://here/#a'])(
  'is led to no Web UI at %s',
  (text) => {
    const read = () => readConfig({ TEMPORAL_ADDRESS: 'here:7233', PAWL_TEMPORAL_UI: text });
    expect(read).toThrow(
      /^PAWL_TEMPORAL_UI: expected the address of a Temporal Web UI such as \S+, got another text$/,
    );
  },
);
