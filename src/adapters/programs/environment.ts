/**
 * The environment of the programs that Pawl starts: a short list of what a program needs to work at all, and nothing
 * of what the engine's own environment happens to hold. A secret gets through only where its name was written down
 * for that agent.
 */
import { dirname, isAbsolute, join } from 'node:path';
import { cacheFolder } from '../../../scripts/setup/programs.mjs';
import { MARK_VARIABLE } from '../../domain/marks.ts';
import { isInside } from '../files/is-inside.ts';

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
 * (`PAWL_…`) are not to be had that way, because an agent gets the token of its attempt and no other: of `access`, where it
 * is named.
 */
export function scrubbedEnvironment(
  environment: Environment,
  mark: string,
  named: readonly string[] = [],
  access: Environment = {},
): Record<string, string> {
  const locales = Object.keys(environment).filter((name) => LOCALE.test(name));
  return {
    ...pick(environment, [...PASSED, ...CERTIFICATES, ...locales]),
    ...withoutCredentials(pick(environment, PROXIES)),
    PATH: searchPath(environment),
    ...FIXED,
    ...pick(
      environment,
      named.filter((name) => !name.startsWith('PAWL_')),
    ),
    ...pick(access, named),
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

/**
 * The PATH of who started the engine, without the folders that Pawl and npm put in front: a check that asks for a program gets
 * that of its user's shell, or none. An empty or relative entry would let a repository's own file pass for a program of the
 * machine.
 */
export function searchPath(environment: Environment): string {
  const entries = (environment.PATH ?? '').split(':').filter((entry) => isAbsolute(entry));
  const fromNpm = entries.findLastIndex((entry) => entry.endsWith(LAST_OF_NPM));
  const theirs = entries.slice(fromNpm + 1).filter((entry) => !isOwnFolder(entry, environment));
  return theirs.length === 0 ? PATH_FALLBACK : theirs.join(':');
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
/**
 * npm, as it runs `npm start` or `npx pawl`, puts in front of a PATH the programs of each folder above the one it is in, and
 * behind them this folder of its own. What it puts there is from wherever the engine happened to be started.
 */
const LAST_OF_NPM = '/@npmcli/run-script/lib/node-gyp-bin';

/** What the launcher puts in front (a Node that is new enough), and what package managers do for the packages Pawl is among. */
function isOwnFolder(folder: string, environment: Environment): boolean {
  const above = folder.endsWith('/node_modules/.bin') ? dirname(dirname(folder)) : undefined;
  return (
    isInside(cacheFolder(environment), folder) ||
    isInside(ROOT, folder) ||
    (above !== undefined && isInside(above, ROOT))
  );
}
