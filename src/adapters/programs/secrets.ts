/**
 * Which values are secrets: each that was handed on by name, all of `$PAWL_HOME/.env`, and of the engine's own variables those
 * with the name of a credential. Decided once, here; masked by `domain/mask.ts`.
 */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { type Environment, EVERY_PROGRAM_GETS } from './environment.ts';

/** `PWD` and `OLDPWD` are folders, `MYSQL_PWD` is none; `PAT` is a personal access token where it is a word of its own. */
const SECRET_NAME = /TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH(?!OR)|(?<!^|^OLD)PWD|(?:^|_)PAT(?![A-Z])/i;
/**
 * Shorter values are words and numbers (`true`, `1`, `dev`): they occur by chance, and masking them would garble the text
 * and by that tell what they are.
 */
const SECRET_CHARS_MIN = 8;
/** Variables that Pawl itself knows to be no credentials, whoever names them. */
const SETTINGS = new Set([
  ...EVERY_PROGRAM_GETS,
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_MODEL',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'GH_HOST',
  'GITHUB_API_URL',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_GEMINI_BASE_URL',
  'OPENAI_BASE_URL',
  'OPENCODE_CONFIG',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
]);
/** An address with a name or password in it. */
const CREDENTIAL_IN_URL = /:\/\/[^/\s]*@/;
/** Scheme, name and password of every address in a value; of several hosts, too, which no URL can have. */
const USERS_IN_URLS = /([a-z][a-z0-9+.-]*):\/\/([^/\s:@]*)(?::([^/\s]*))?@/gi;

export interface Handed {
  readonly environment: Environment;
  /** Of `$PAWL_HOME/.env`: a name and a value each. */
  readonly file: readonly (readonly [name: string, value: string])[];
  /** Variables that an agent is given by name. */
  readonly variables: readonly string[];
}

/** What is to be masked of what was handed on; of a value over several lines also each line, of an address its credentials. */
export function secretsOf({ environment, file, variables }: Handed): readonly string[] {
  const named = new Set(variables);
  const everyday = new Set(EVERY_PROGRAM_GETS.map((name) => environment[name]));
  const own = Object.entries(environment);
  const handed = [...own.filter(([name]) => named.has(name) || SECRET_NAME.test(name)), ...file].filter(
    ([name, value = '']) => !SETTINGS.has(name) && !everyday.has(value) && !isPath(value),
  );
  const inAddresses = own.filter(([, value = '']) => CREDENTIAL_IN_URL.test(value));
  return [...handed, ...inAddresses]
    .flatMap(([, value = '']) => [value, ...value.split(/[\r\n]+/), ...credentialsIn(value)])
    .map((value) => value.trim())
    .filter((value) => value.length >= SECRET_CHARS_MIN);
}

/** As they are written and as they are meant. A name alone is a token where the address is one of the web. */
function credentialsIn(value: string): readonly string[] {
  return [...value.matchAll(USERS_IN_URLS)].flatMap(([, scheme = '', name = '', password = '']) => {
    const isToken = /^https?$/i.test(scheme) && (password === '' || password === 'x-oauth-basic');
    return [password, ...(isToken ? [name] : [])].flatMap((one) => [one, decoded(one)]);
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a `%` that stands for itself
  }
}

/** A path of this host, or a list of them: masked, no output could be read any more. */
function isPath(value: string): boolean {
  const entries = value.split(':').filter((entry) => entry !== '');
  return entries.every((entry) => isAbsolute(entry)) && entries.some((entry) => existsSync(entry));
}
