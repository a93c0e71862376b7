/**
 * `$PAWL_HOME/.env`: variables for agents and forges. Read by Node's own parser, which passes over in silence what it
 * does not understand; here that is an error, because a key that is missing is found out much later.
 */
import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { quote } from 'shell-quote';
import { PawlError } from '../../domain/failures.ts';
import { LIMITS } from '../../domain/limits.ts';

type Parsed = Readonly<Record<string, string>>;

/** No file is an empty one. @throws PawlError `precondition` naming the line; no message holds a value */
export function readEnvFile(path: string): Parsed {
  const bytes = read(path);
  if (bytes === undefined) return {};
  if (bytes.length > LIMITS.envFileBytesMax)
    throw wrong(path, `expected at most ${LIMITS.envFileBytesMax} bytes, got ${bytes.length}`);
  const text = bytes.toString('utf8');
  if (text.includes('\0') || !bytes.equals(Buffer.from(text)))
    throw wrong(path, 'expected text in UTF-8 with a line NAME=value for each variable, got other bytes');
  // Editors of other systems begin a file with a mark of the byte order, which would be part of the first name.
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const parsed = parse(lines);
  const misread = firstMisread(lines, parsed);
  if (misread === undefined) return parsed;
  throw wrong(path, `line ${misread.index + 1}: expected NAME=value, ${misread.expected}`);
}

/** What a file that is wrong may mean for values, for each a name and a value: more rather than less. Never throws. */
export function lenientlyRead(path: string): readonly (readonly [name: string, value: string])[] {
  return lenientlyParsed(readOrNothing(path).subarray(0, LIMITS.envFileBytesMax).toString('utf8'));
}

/** The same for a text. */
export function lenientlyParsed(text: string): readonly (readonly [name: string, value: string])[] {
  const lines = text.replaceAll('\0', '').split(/[\r\n]+/);
  const written = lines.flatMap((line) => {
    const [, name, rest] = /^([^=:]*)[=:](.*)$/s.exec(line) ?? [];
    if (name === undefined || rest === undefined) return [];
    const plain = rest.replace(/\s#.*$/s, '').trim();
    const bare = plain.replaceAll(/^["'`]|["'`]$/g, '');
    return [rest.trim(), plain, bare].map((value) => [nameIn(name), value] as const);
  });
  return [...written, ...Object.entries(parse(lines))];
}

function readOrNothing(path: string): Buffer {
  try {
    return read(path) ?? Buffer.alloc(0);
  } catch (error) {
    if (error instanceof PawlError) return Buffer.alloc(0);
    throw error;
  }
}

/** Lines for a person about the file: that others than its owner may read it, or why it cannot be used. */
export function envFileWarnings(path: string): readonly string[] {
  try {
    readEnvFile(path);
    const { mode } = statSync(path, { throwIfNoEntry: false }) ?? { mode: 0 };
    const octal = (mode & 0o777).toString(8);
    const isOpen = (mode & 0o077) !== 0;
    return isOpen
      ? [`${path} is open to other users (mode ${octal}): run \`chmod 600 ${quote([path])}\``]
      : [];
  } catch (error) {
    if (error instanceof PawlError) return [error.message];
    throw error;
  }
}

function read(path: string): Buffer | undefined {
  try {
    // A pipe or a device might never come to its end.
    if (!statSync(path).isFile()) throw wrong(path, 'expected a file, got something else');
    return readFileSync(path);
  } catch (error) {
    if (error instanceof PawlError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return undefined;
    throw wrong(path, `cannot be read (${code})`);
  }
}

const wrong = (path: string, what: string): PawlError =>
  new PawlError('precondition', `${path}: ${what}; correct the file or remove it, then try again`);

const parse = (lines: readonly string[]): Parsed => parseEnv(lines.join('\n')) as Parsed;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const COMMENT_OR_BLANK = /^\s*(?:#|$)/;

interface Misread {
  readonly index: number;
  readonly expected: string;
}
const CLOSED = 'with a quote closed where one is opened';
const NOTHING_AFTER = 'with nothing but a comment after a closing quote';
const HASH_QUOTED = 'with a # of the value in quotes, or a blank before a comment';
const NO_RETURN = 'with no carriage return within the line';

/** The first line that the parser reads otherwise than somebody meant it. */
function firstMisread(lines: readonly string[], parsed: Parsed): Misread | undefined {
  const returned = lines.findIndex((line) => /\r(?!$)/.test(line));
  if (returned >= 0) return { index: returned, expected: NO_RETURN };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (COMMENT_OR_BLANK.test(line)) continue;
    const [left = '', ...right] = line.split('=');
    const name = nameIn(left);
    if (right.length === 0 || !NAME.test(name) || !Object.hasOwn(parsed, name))
      return { index, expected: CLOSED };
    const value = right.join('=');
    const quoted = /^\s*(["'`])(.*)$/s.exec([value, ...lines.slice(index + 1)].join('\n'));
    if (quoted === null) {
      if (/^[^#]*(?<!\s)#/.test(value)) return { index, expected: HASH_QUOTED };
      continue;
    }
    const [, quote = '', rest = ''] = quoted;
    const [inside = '', after] = splitOnce(rest, quote);
    if (after === undefined) return { index, expected: CLOSED };
    if (!COMMENT_OR_BLANK.test(after.split('\n', 1)[0] ?? '')) return { index, expected: NOTHING_AFTER };
    index += inside.split('\n').length - 1;
  }
  return undefined;
}

const nameIn = (left: string): string => left.trim().replace(/^export\s+/, '');

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
