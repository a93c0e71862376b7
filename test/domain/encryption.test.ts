import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ENCRYPTED_BYTES, encrypts, isEncrypted } from '../../src/domain/encryption.ts';

it.each([
  ['git-crypt', true],
  ['git-crypt-team', true],
  ['crypt', true],
  ['git-agecrypt', true],
  ['age', true],
  ['git-age', true],
  ['sops', true],
  ['GPG', true],
  ['ansible-vault', true],
  ['nbstripout', false],
  ['image', false],
  ['pager', false],
  ['tabs', false],
  ['', false],
])('%s encrypts: %s', (filter, expected) => {
  expect(encrypts(filter)).toBe(expected);
});

it.each([
  ['\0GITCRYPT\0\x80\xff', true],
  ['Salted__\x01', true],
  ['U2FsdGVkX1+abc', true],
  ['age-encryption.org/v1\n-> X25519', true],
  ['-----BEGIN AGE ENCRYPTED FILE-----\n', true],
  ['-----BEGIN PGP MESSAGE-----\r\n', true],
  ['$ANSIBLE_VAULT;1.1;AES256\n', true],
  ['# STRONGBOX ENCRYPTED RESOURCE', true],
  ['-----BEGIN PRIVATE KEY-----\n', false],
  ['a GITCRYPT', false],
  ['', false],
])('%j is encrypted: %s', (start, expected) => {
  expect(isEncrypted(start)).toBe(expected);
});

it('needs no more than the first bytes, and a first byte in front of them is another content', () => {
  fc.assert(
    fc.property(fc.constantFrom('\0GITCRYPT\0', '$ANSIBLE_VAULT;'), fc.string(), (head, rest) => {
      expect(isEncrypted(`${head}${rest}`.slice(0, ENCRYPTED_BYTES))).toBe(true);
      expect(isEncrypted(` ${head}${rest}`)).toBe(false);
    }),
  );
});
