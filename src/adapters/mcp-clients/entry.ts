/** Pawl's entry: how to tell that one is Pawl's, and what of it Pawl sets. */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

export const ENTRY_NAME = 'pawl';

/** How clients start a server over stdio. What a person has added to the entry stays in it. */
const Entry = z.looseObject({
  command: z.string(),
  args: z.array(z.string()).readonly(),
  env: z.record(z.string(), z.unknown()).optional(),
});
export type Entry = z.infer<typeof Entry>;

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
  const read = Entry.safeParse(entry);
  if (!read.success) return false;
  const words = [read.data.command, ...read.data.args];
  return basename(words[words.indexOf('mcp') - 1] ?? '') === PROGRAM;
}

/** What a person has added (a time limit, a variable) stays; the same object when nothing changes. */
export function updated(entry: Entry, wanted: Entry): Entry {
  const { [HOME_VARIABLE]: _, ...others } = entry.env ?? {};
  const env = { ...others, ...wanted.env };
  const keep = entry.env !== undefined || wanted.env !== undefined;
  const next = { ...entry, ...wanted, ...(keep ? { env } : {}) };
  return isDeepStrictEqual(next, entry) ? entry : next;
}
