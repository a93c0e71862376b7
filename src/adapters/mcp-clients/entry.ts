/** Pawl's entry: how to tell that one is Pawl's, and what of it Pawl sets. */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { HOME_VARIABLE, type OwnProgram, ownCommandLine, PROGRAM, startsPawl } from './own-command-line.ts';

export const ENTRY_NAME = 'pawl';

/** How clients start a server over stdio. What a person has added to the entry stays in it. */
const StdioEntry = z.looseObject({
  command: z.string(),
  args: z.array(z.string()).readonly(),
  env: z.record(z.string(), z.unknown()).optional(),
});
/** How Claude Code asks a server over HTTP. No token is in it: the helper prints what to send with each connection. */
const HttpEntry = z.looseObject({ url: z.string(), headersHelper: z.string() });
export type StdioEntry = z.infer<typeof StdioEntry>;
export type Entry = StdioEntry | z.infer<typeof HttpEntry>;

/** Whether the client starts a program, in place of asking an address. */
export const isStarted = (entry: Entry): entry is StdioEntry => 'command' in entry;

/** What prints the header with the token of the home. */
const HELPER = ['token', '--headers'];

export interface Wanted extends OwnProgram {
  readonly toolset?: string | undefined;
  /** Where the client asks `/mcp`; without one it starts `pawl mcp`. */
  readonly url?: string | undefined;
  /** What this client writes beside the command. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export function entryOf({ launcher, toolset, home, url, fields }: Wanted): Entry {
  if (url !== undefined)
    return { type: 'http', url, headersHelper: ownCommandLine({ launcher, home }, HELPER) };
  const [command, ...rest] = launcher;
  const args = [...rest, 'mcp', ...(toolset === undefined ? [] : ['--toolset', toolset])];
  return { ...fields, command, args, ...(home === undefined ? {} : { env: { [HOME_VARIABLE]: home } }) };
}

/** An entry that starts `pawl mcp`, or has its token from Pawl, wherever that Pawl is: a clone may have moved since. */
export function isOurs(entry: unknown): entry is Entry {
  const stdio = StdioEntry.safeParse(entry);
  if (stdio.success) {
    const words = [stdio.data.command, ...stdio.data.args];
    return basename(words[words.indexOf('mcp') - 1] ?? '') === PROGRAM;
  }
  const http = HttpEntry.safeParse(entry);
  return http.success && startsPawl(http.data.headersHelper, HELPER);
}

/** What a person has added (a time limit, a variable) stays; the same object when nothing changes. */
export function updated(entry: Entry, wanted: Entry): Entry {
  const next = nextOf(entry, wanted);
  return isDeepStrictEqual(next, entry) ? entry : next;
}

function nextOf(entry: Entry, wanted: Entry): Entry {
  if (!isStarted(wanted) || !isStarted(entry)) {
    // What belongs to the other way to reach Pawl says nothing here.
    const {
      type: _,
      command: __,
      args: ___,
      env: ____,
      url: _____,
      headersHelper: ______,
      ...others
    } = entry;
    return { ...others, ...wanted };
  }
  const { [HOME_VARIABLE]: _, ...others } = entry.env ?? {};
  const env = { ...others, ...wanted.env };
  const keep = entry.env !== undefined || wanted.env !== undefined;
  return { ...entry, ...wanted, ...(keep ? { env } : {}) };
}
