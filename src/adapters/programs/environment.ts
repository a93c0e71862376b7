/**
 * The environment of the programs that Pawl starts: a short list of what a program needs to work at all, and nothing
 * of what the engine's own environment happens to hold. A secret gets through only where its name was written down
 * for that agent.
 */
import { isAbsolute } from 'node:path';
import { MARK_VARIABLE } from './processes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const PASSED = ['HOME', 'LANG', 'LANGUAGE', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ', 'USER'];
/** Files and folders of certificates: without them nothing can be fetched where a company's proxy signs. */
const CERTIFICATES = [
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];
const PROXIES = ['ALL_PROXY', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const LOCALE = /^LC_[A-Z]+$/;
/** Nobody answers a prompt, and colours and spinners only fill logs. */
const FIXED = { CI: 'true', TERM: 'dumb' };
const PATH_FALLBACK = '/usr/local/bin:/usr/bin:/bin';
/** What no program could do without, but for the locale; none of it is a secret. */
export const EVERY_PROGRAM_GETS: readonly string[] = [...PASSED, ...CERTIFICATES, ...PROXIES, 'PATH'];

/**
 * What a program with `mark` gets of `environment`. `named` are further variables that it may see; Pawl's own
 * (`PAWL_…`) are not to be had that way, because an agent gets the token of its attempt and no other.
 */
export function scrubbedEnvironment(
  environment: Environment,
  mark: string,
  named: readonly string[] = [],
): Record<string, string> {
  const locales = Object.keys(environment).filter((name) => LOCALE.test(name));
  return {
    ...pick(environment, [...PASSED, ...CERTIFICATES, ...locales]),
    ...withoutCredentials(pick(environment, PROXIES)),
    PATH: searchPath(environment.PATH),
    ...FIXED,
    ...pick(
      environment,
      named.filter((name) => !name.startsWith('PAWL_')),
    ),
    [MARK_VARIABLE]: mark,
  };
}

function pick(environment: Environment, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** A proxy that wants a name and a password carries them in its address: that one has to be named. */
const withoutCredentials = (proxies: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(proxies).filter(([, address]) => !address.includes('@')));

/** An empty or relative entry would let a repository's own file pass for a program of the machine. */
function searchPath(path: string | undefined): string {
  const entries = (path ?? '').split(':').filter((entry) => isAbsolute(entry));
  return entries.length === 0 ? PATH_FALLBACK : entries.join(':');
}
