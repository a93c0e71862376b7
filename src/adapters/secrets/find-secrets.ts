/**
 * What looks like a secret, by the rules of secretlint's recommended preset: keys, tokens and passwords of known providers by
 * their forms. Which rules those are is pinned with the package.
 */
export interface SecretFound {
  /** From 1. */
  readonly line: number;
  /** "AWS Secret Access Key". Never any of the secret itself. */
  readonly kind: string;
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend';

/** @returns those that were found, in their order */
export async function findSecrets(text: string): Promise<readonly SecretFound[]> {
  // Only who has something to look at pays for loading the rules.
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config = { rules: [{ id: PRESET, rule: creator, options: {} }] };
  const { messages } = await lintSource({
    source: { content: text, filePath: '/added', ext: '', contentType: 'text' },
    options: { config, locale: 'en', maskSecrets: true },
  });
  return messages.map(({ loc, message }) => ({ line: loc.start.line, kind: kindIn(message) }));
}

/** "found slack token: ****" and "found GitHub Token(****): ****". */
const kindIn = (message: string): string => message.replace(/^found /, '').replace(/[(:*].*$/s, '');
