/** Which rules find what is secretlint's own; here is that they are asked, and that nothing of a secret is told. */
import { expect, it } from 'vitest';
import { findSecrets } from '../../../src/adapters/secrets/find-secrets.ts';

/** In parts, so that no scanner takes this file for one that holds secrets. */
const joined = (...parts: readonly string[]) => parts.join('');

it.each([
  ['AWS Secret Access Key', joined('aws_secret_access_key = wJalrXUtnFEMI', '/K7MDENG/bPxRfiCYQQQQQQQKEZ')],
  ['GitHub Token', joined('gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a')],
  ['slack token', joined('xox', 'b-123456789012-1234567890123-abcdefghijklmnopqrstuvwx')],
  ['npm access token', joined('np', 'm_abcdefghijABCDEFGHIJabcdefghijABCDEF')],
  ['Anthropic Claude API key', joined('sk', '-ant-api03-', 'a'.repeat(93), 'AA')],
  ['basic auth credential', joined('https://user:', 'passw0rdabc@host.test/')],
  [
    'private key',
    joined(
      '-----BEGIN RSA ',
      'PRIVATE KEY-----\n',
      'MIIEowIBAAKCAQEAsKFmw6z3Xn3V1GMm2p2O1Jm\n',
      'abcd'.repeat(40),
      '\n-----END RSA ',
      'PRIVATE KEY-----',
    ),
  ],
])('%s', async (kind, secret) => {
  const found = await findSecrets(`first\n${secret}\nlast\n`);
  expect(found).toEqual([{ line: 2, kind }]);
});

it('finds none in what is like one', async () => {
  const text = 'const token = readToken();\npassword = "hunter2"\nhttps://user@host.test/\nAKIA\n';
  expect(await findSecrets(text)).toEqual([]);
});
