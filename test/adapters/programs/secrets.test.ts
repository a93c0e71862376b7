/** Which values are masked: what was handed on by name, whatever the name, and what is named as a credential. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { secretsOf } from '../../../src/adapters/programs/secrets.ts';
import { createVariables } from '../../../src/adapters/programs/variables.ts';

interface Parts {
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: Readonly<Record<string, string>>;
  readonly variables?: readonly string[];
}
const handed = ({ environment = {}, file = {}, variables = [] }: Parts) =>
  secretsOf({ environment, file: Object.entries(file), variables }).filter(
    (one, at, all) => all.indexOf(one) === at,
  );

it('is every value that was named, all of the file, and credentials of the engine', () => {
  const environment = {
    WORDS: 'open sesame',
    NOBODY: 'not handed on',
    MY_API_KEY: 'k-12345678',
    DB_PASSWORD: 'hunter2!',
    SSH_AUTH_VALUE: 'by its name',
    GIT_AUTHOR_NAME: 'Christopher Robin',
    NODE_ENV: 'production',
    HTTPS_PROXY: 'http://me:pass-of-proxy@proxy.example:3128',
    HTTP_PROXY: 'http://proxy.example:3128',
  };
  const file = { MORE: 'from the file' };
  expect(handed({ environment: { ...environment, ...file }, file, variables: ['WORDS'] }).sort()).toEqual(
    [
      'open sesame',
      'k-12345678',
      'hunter2!',
      'by its name',
      environment.HTTPS_PROXY,
      'pass-of-proxy',
      'from the file',
    ].sort(),
  );
});

it('is no short word, no path of this host and no setting that Pawl knows', () => {
  const environment = {
    HOME: '/tmp',
    USER: 'christopher',
    A_KEY: 'true',
    B_KEY: '1',
    C_KEY: '1234567',
    KEYS_FOLDER: '/tmp',
    KEY_PATH: '/no/such/folder:/tmp:',
    TOKEN_OWNER: 'christopher',
    ANTHROPIC_MODEL: 'claude-something-4',
    OPENAI_BASE_URL: 'http://127.0.0.1:4000',
  };
  expect(handed({ environment, variables: Object.keys(environment) })).toEqual([]);
  const withPassword = 'http://me:pass-of-mine@127.0.0.1:4000';
  expect(handed({ environment: { OPENAI_BASE_URL: withPassword } })).toContain(withPassword);
  // What only looks like a path may be a key.
  expect(handed({ environment: { A_KEY: '/b64/like+this=' } })).toEqual(['/b64/like+this=']);
});

it.each([
  ['postgres://app:p%40ssw0rd-long@db/x', ['p%40ssw0rd-long', 'p@ssw0rd-long']],
  ['postgres://app:of-two-hosts@db1:1,db2:2/x', ['of-two-hosts']],
  ['redis://:without-a-name@cache', ['without-a-name']],
  ['https://ghp_0123456789@github.com/o/r', ['ghp_0123456789']],
  ['https://ghp_0123456789:x-oauth-basic@github.com/o/r', ['x-oauth-basic', 'ghp_0123456789']],
  ['http://me:100%-of-it@proxy', ['100%-of-it']],
  ['ssh://christopher@host', []],
])('is what an address is entered with: %s', (address, secrets) => {
  expect(handed({ environment: { ADDRESS: address } })).toEqual([address, ...secrets]);
  expect(handed({ file: { ADDRESS: address } })).toEqual([address, ...secrets]);
});

it('is what is called a password or a personal access token in short, and no folder or path', () => {
  const named = ['MYSQL_PWD', 'DB_PWD', 'GH_PAT', 'PAT', 'PAT_OF_MINE', 'GITHUB_PAT2'];
  const not = ['PWD', 'OLDPWD', 'SEARCH_PATH', 'PATTERN', 'FILE_PATTERN', 'PATIENT_NAME'];
  const all = [...named, ...not].map((name) => [name, `value of ${name}`]);
  expect(handed({ environment: Object.fromEntries(all) })).toEqual(named.map((name) => `value of ${name}`));
});

it('is each line of a value over several, without the blanks around it', () => {
  const key = '-----BEGIN KEY-----\n  MIIEvQIBADANB\nshort\n-----END KEY-----\n';
  expect(handed({ environment: { A_KEY: key } })).toEqual([
    key.trim(),
    '-----BEGIN KEY-----',
    'MIIEvQIBADANB',
    '-----END KEY-----',
  ]);
});

it('is read anew each time, the engine’s own before the file’s, and a file that is wrong hides nothing else', () => {
  const home = mkdtempSync(join(tmpdir(), 'pawl-variables-'));
  const places = { envFile: join(home, '.env'), token: join(home, 'token') };
  const variables = createVariables(places, {
    OWN: 'of the engine',
    OWN_KEY: 'key of the engine',
    EMPTY: '',
  });
  expect(variables.environment()).toEqual({ OWN: 'of the engine', OWN_KEY: 'key of the engine', EMPTY: '' });
  writeFileSync(places.envFile, 'OWN="of the file"\nOTHER="of the file too"\nEMPTY=filled\n');
  writeFileSync(places.token, 'token-of-the-user\n');
  expect(variables.environment()).toMatchObject({
    OWN: 'of the engine',
    OTHER: 'of the file too',
    EMPTY: 'filled',
  });
  const text = 'of the file, of the file too, key of the engine, token-of-the-user, of the engine';
  expect(variables.mask().text(text)).toBe('[hidden], [hidden], [hidden], [hidden], of the engine');
  expect(variables.mask({ variables: ['OWN'], texts: ['too'] }).text('of the engine, too')).toBe(
    '[hidden], [hidden]',
  );
  const before = variables.now();
  writeFileSync(places.envFile, 'OTHER="changed since"\n');
  expect(before.environment()).toMatchObject({ OTHER: 'of the file too' });
  expect(before.mask.text('of the file too')).toBe('[hidden]');
  writeFileSync(places.envFile, 'nonsense');
  expect(() => variables.now().environment()).toThrow(/line 1: expected NAME=value/);
  expect(() => variables.environment()).toThrow(/line 1: expected NAME=value/);
  expect(variables.mask().text('key of the engine')).toBe('[hidden]');
  rmSync(home, { recursive: true });
});

it('stays what it was in a file that is wrong since, with what may be meant for a value there', () => {
  const home = mkdtempSync(join(tmpdir(), 'pawl-variables-'));
  const places = { envFile: join(home, '.env'), token: join(home, 'token') };
  const variables = createVariables(places, {});
  writeFileSync(places.envFile, 'FIRST=what-it-was-before\n');
  expect(variables.environment()).toEqual({ FIRST: 'what-it-was-before' });
  const wrong = [
    'FIRST=what-it-is-now # a comment',
    `export SECOND = "not-closed-word`,
    'FIRST=the-same-name-again',
    'THIRD: written-as-yaml',
    "FOURTH='in-quotes-here'",
    'nonsense',
  ];
  writeFileSync(places.envFile, wrong.join('\n'));
  const values = [
    'what-it-was-before',
    'what-it-is-now',
    'not-closed-word',
    'the-same-name-again',
    'written-as-yaml',
    'in-quotes-here',
  ];
  expect(() => variables.environment()).toThrow(/line 2: expected NAME=value/);
  expect(variables.mask().text(values.join(', '))).toBe(values.map(() => '[hidden]').join(', '));
  // Who has never read a good one knows what is written there now.
  const fresh = createVariables(places, {}).mask();
  expect(values.map((value) => fresh.text(value))).toEqual([
    'what-it-was-before',
    ...Array(5).fill('[hidden]'),
  ]);
  writeFileSync(places.envFile, Buffer.from([...Buffer.from('FIRST=beside-other-bytes\n'), 0xff, 0, 0xfe]));
  expect(variables.mask().text('beside-other-bytes what-it-was-before')).toBe('[hidden] [hidden]');
  rmSync(home, { recursive: true });
});
