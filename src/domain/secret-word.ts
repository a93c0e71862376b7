/** The form of a word that is a secret: hard to guess, and fit for an HTTP header. Pure. */
export const SECRET_WORD = 'at least 16 visible ASCII characters without blanks';
export const isSecretWord = (word: string): boolean => /^[\x21-\x7e]{16,}$/.test(word);
