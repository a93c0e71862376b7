/** What filters that encrypt are called, and what they write. Pure. */

/** As git-crypt, transcrypt (`crypt`), git-agecrypt, git-vault, sops and others name themselves in `.gitattributes`. */
const ENCRYPTS =
  /crypt|sops|vault|gpg|pgp|secret|cipher|seal|blackbox|strongbox|(?:^|[-_])age(?:box)?(?:$|[-_])/i;

/** Whether a filter of that name most likely encrypts what goes through it. */
export const encrypts = (filter: string): boolean => ENCRYPTS.test(filter);

/** How a content begins that was encrypted, or what it holds in its first bytes. */
const ENCRYPTED = [
  /^\0GITCRYPT\0/,
  // Of openssl: the word `Salted__`, also as Base64.
  /^(?:Salted__|U2FsdGVkX1)/,
  /^age-encryption\.org\/v1\n/,
  /^-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----\r?\n/,
  /^\$ANSIBLE_VAULT;/,
  /^# STRONGBOX ENCRYPTED RESOURCE/,
];

/** How much of a content says so. */
export const ENCRYPTED_BYTES = 64;

/** @param start the first bytes of a content, as latin1 */
export const isEncrypted = (start: string): boolean => ENCRYPTED.some((known) => known.test(start));
