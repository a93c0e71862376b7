/** Pawl's entry: how to tell that one is Pawl's, and what of it Pawl sets. */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Entry } from './servers-text.ts';

const PROGRAM = 'pawl';
/** Where Pawl keeps everything, where it was told: a client starts servers without the person's environment. */
const HOME_VARIABLE = 'PAWL_HOME';

export interface Wanted {
  /** Starts `pawl`: its name, or a Node and the launcher's full path. */
  readonly launcher: readonly [string, ...string[]];
  readonly toolset?: string | undefined;
  readonly home?: string | undefined;
  /** What this client writes beside the command. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export function entryOf({ launcher: [command, ...rest], toolset, home, fields }: Wanted): Entry {
  const args = [...rest, 'mcp', ...(toolset === undefined ? [] : ['--toolset', toolset])];
  return { ...fields, command, args, ...(home === undefined ? {} : { env: { [HOME_VARIABLE]: home } }) };
}

/** An entry that starts `pawl mcp`, wherever that Pawl is: a clone that has moved since is still to be updated. */
export function isOurs(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  if (!('command' in entry) || !('args' in entry) || !Array.isArray(entry.args)) return false;
  const words: unknown[] = [entry.command, ...entry.args];
  const program = words[words.indexOf('mcp') - 1];
  return typeof entry.command === 'string' && typeof program === 'string' && basename(program) === PROGRAM;
}
/** What a person has added (a time limit, a variable) stays; the same object when nothing changes. */
export function updated(entry: Entry, wanted: Entry): Entry {
  const { [HOME_VARIABLE]: _, ...others } = entry.env ?? {};
  const env = { ...others, ...wanted.env };
  const keep = entry.env !== undefined || wanted.env !== undefined;
  const next = { ...entry, ...wanted, ...(keep ? { env } : {}) };
  return isDeepStrictEqual(next, entry) ? entry : next;
}
