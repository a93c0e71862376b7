/**
 * The home: the folder that holds everything of Pawl on this machine, and the words that are made once in it: the token of
 * the local user, the secret under which other tokens are made, and the id of this host.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { placesIn } from '../config.ts';
import { isDiskFull } from '../domain/disk-full.ts';
import { PawlError } from '../domain/failures.ts';
import { isSecretWord, SECRET_WORD } from '../domain/secret-word.ts';

/** With less free space than this the database would fail while it grows: the engine does not start. */
const FREE_BYTES_MIN = 64 * 1024 * 1024;

/**
 * Makes the home (mode 0700) or takes the one that is there. Idempotent.
 * @param freeBytesMin for tests
 * @returns its path without links, because processes of the home are found by it
 * @throws PawlError `precondition`: not a folder, not writable, no space, or somebody's folder that is open to others
 */
export function makeHome(home: string, freeBytesMin = FREE_BYTES_MIN): string {
  return inHome(home, () => {
    makeFolder(home);
    const path = realpathSync(home);
    closeToOthers(path);
    tryWriting(path);
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize < freeBytesMin) throw outOfSpace(home);
    return path;
  });
}

/** Runs what reads or writes in the home; what the file system refuses becomes one line that says what to do. */
export function inHome<T>(home: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof PawlError || !(error instanceof Error)) throw error;
    throw homeProblem(home, error);
  }
}

/**
 * The token of the local user: `PAWL_TOKEN`, or the one in the home, made on first use.
 * @throws PawlError `invalid_input` for one that no HTTP header can carry; the message never shows it
 */
export function tokenOf(home: string, env: NodeJS.ProcessEnv = process.env): string {
  const given = env.PAWL_TOKEN;
  const token = given || madeOnce(home, placesIn(home).token, () => randomBytes(32).toString('base64url'));
  if (isSecretWord(token)) return token;
  const where = given ? 'PAWL_TOKEN' : placesIn(home).token;
  throw new PawlError(
    'invalid_input',
    `${where}: expected ${SECRET_WORD}, got ${token.length} characters that are not; ${given ? 'unset it' : 'delete the file'} to have one made`,
  );
}

/** The token of the local user that the home keeps, whatever `PAWL_TOKEN` is; undefined where it has none. */
export const keptTokenOf = (home: string): string | undefined => {
  const { token } = placesIn(home);
  return inHome(home, () => (existsSync(token) ? readFileSync(token, 'utf8').trim() : undefined));
};

/**
 * What tokens with a name are made under. Never leaves the home; without it none of them is taken any more.
 * @throws PawlError `invalid_input` for a file that was emptied or cut: whoever guesses its words makes tokens
 */
export function secretOf(home: string): string {
  const path = placesIn(home).secret;
  const secret = madeOnce(home, path, () => randomBytes(32).toString('base64url'));
  if (isSecretWord(secret)) return secret;
  throw new PawlError(
    'invalid_input',
    `${path}: expected ${SECRET_WORD}, got ${secret.length} characters that are not; delete the file to have one made, then make the tokens with a name anew (\`pawl token create\`)`,
  );
}

/** The id of this host: a word of its own, because host names change and repeat. Made on first use. */
export const hostIdOf = (home: string): string => madeOnce(home, placesIn(home).hostId, randomUUID);

/** The queue of the steps that need this host's workspaces. */
export const hostQueueOf = (home: string): string => `pawl-host-${hostIdOf(home)}`;

/** The word in the file; where there is none, `make`'s. Of several at once all get the same. */
function madeOnce(home: string, path: string, make: () => string): string {
  return inHome(home, () => {
    if (!existsSync(path)) putUnlessThere(path, `${make()}\n`);
    return readFileSync(path, 'utf8').trim();
  });
}

function putUnlessThere(path: string, text: string): void {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flush: true });
    // A hard link appears whole and replaces nothing: of several processes the first one wins.
    linkSync(unfinished, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * A folder that others can read is closed when it is Pawl's or empty. Anything else is left as it is: a `PAWL_HOME`
 * that names the user's own home or /tmp by mistake must not change that folder's mode.
 */
function closeToOthers(home: string): void {
  const { mode } = statSync(home);
  if ((mode & 0o077) === 0) return;
  const entries = readdirSync(home);
  const { envFile, ...places } = placesIn(home);
  const ours = new Set(Object.values(places).map((path) => basename(path)));
  // Many a folder has an .env. One with nothing else is a home that was given its variables before the first start.
  const isEmpty = entries.every((name) => name === basename(envFile));
  if (isEmpty || entries.some((name) => ours.has(name))) {
    chmodSync(home, 0o700);
    return;
  }
  const octal = (mode & 0o777).toString(8);
  throw new PawlError(
    'precondition',
    `${home} is open to others (mode ${octal}) and holds other things than Pawl's: set PAWL_HOME to an empty folder`,
  );
}

/** Node's own recursive mkdir loops for ever where the kernel refuses to make a folder, as in /proc. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return;
    if (codeOf(error) !== 'ENOENT' || existsSync(dirname(path))) throw error;
    makeFolder(dirname(path));
    // Another process may have made it first.
    makeFolder(path);
  }
}

/** Only writing shows whether one can: modes do not bind root, and a read-only mount has none. */
function tryWriting(home: string): void {
  const probe = `${placesIn(home).token}.${randomUUID()}`;
  try {
    writeFileSync(probe, 'x', { mode: 0o600 });
  } finally {
    rmSync(probe, { force: true });
  }
}

function homeProblem(home: string, error: Error): PawlError {
  const code = codeOf(error);
  // SQLite's own numbers: 13 is a full disk.
  if (isDiskFull(error) || ('errcode' in error && error.errcode === 13)) return outOfSpace(home, error);
  const say = (words: string) => new PawlError('precondition', words, { cause: error });
  if (code === 'ENOTDIR' || code === 'EEXIST') return say(`${home} is not a folder: set PAWL_HOME to one`);
  return say(
    `${home} is not writable (${code ?? error.message}): make it writable, or set PAWL_HOME to another folder`,
  );
}

const outOfSpace = (home: string, cause?: Error): PawlError =>
  new PawlError(
    'precondition',
    `no disk space left in ${home}: free some, or set PAWL_HOME to a folder elsewhere`,
    { cause },
  );

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return error.code === 'ERR_SQLITE_ERROR' ? undefined : String(error.code);
}
