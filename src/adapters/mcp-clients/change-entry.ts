/** Pawl's entry in the configuration of an AI client: put there, kept up to date, and taken out again. */
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { McpClientName } from '../../domain/agent-names.ts';
import { PawlError } from '../../domain/failures.ts';
import { findProgram } from '../programs/find-program.ts';
import {
  type ConfigurationFile,
  openConfiguration,
  removeConfiguration,
  replaceConfiguration,
} from './configuration-file.ts';
import { type ConfigurationText, UnfitText } from './configuration-text.ts';
import { ENTRY_NAME, type Entry, entryOf, isOurs, updated } from './entry.ts';
import { clientNamed, type Scope, type Surroundings } from './known-clients.ts';

export interface McpEntryRequest {
  readonly client: McpClientName;
  readonly scope: Scope;
  readonly act: 'install' | 'uninstall';
  readonly toolset?: string | undefined;
  /** Only says what would be done. */
  readonly dryRun: boolean;
  /** Also where the client seems not to be, and where another server has the name. */
  readonly force: boolean;
}

export interface McpEntryChange {
  readonly title: string;
  readonly file: string;
  readonly outcome: 'added' | 'updated' | 'unchanged' | 'removed' | 'absent';
  /** As it stands after this; undefined where there is none. */
  readonly entry?: Entry;
  readonly next?: string;
}

export interface McpSurroundings extends Surroundings {
  /** What starts `pawl`, in entries of this scope. */
  readonly launcher: (scope: Scope) => readonly [string, ...string[]];
  /** Pawl's home, where it was told. */
  readonly pawlHome?: string | undefined;
}

/** @throws PawlError `precondition` or `conflict`; then nothing was changed */
export async function changeMcpEntry(
  request: McpEntryRequest,
  around: McpSurroundings,
): Promise<McpEntryChange> {
  const { scope, act, toolset } = request;
  const client = clientNamed(request.client);
  const path = client.files[scope](around);
  const file = await openConfiguration(path);
  if (act === 'install' && scope === 'user' && !request.force) seemsInstalled(client, file, around);
  const [home, launcher] = [around.pawlHome, around.launcher(scope)];
  const wanted = act === 'install' ? entryOf({ launcher, toolset, home, fields: client.fields }) : undefined;
  const { text, ...change } = plan(file, client.servers, wanted, request.force);
  if (text !== undefined && !request.dryRun) await write(file, text, request, client.servers);
  const inProject = scope === 'project' && act === 'install' ? client.nextInProject : undefined;
  const next = inProject === undefined ? client.next[act] : `${client.next[act]}; ${inProject}`;
  return { title: client.title, file: path, ...change, ...(change.outcome === 'absent' ? {} : { next }) };
}

interface Plan extends Pick<McpEntryChange, 'outcome' | 'entry'> {
  /** What to write; undefined where nothing changes. */
  readonly text?: string;
}

/** Pure. Without a wanted entry, the one that is there is taken out. */
function plan(
  file: ConfigurationFile,
  servers: ConfigurationText<Entry>,
  wanted: Entry | undefined,
  force: boolean,
): Plan {
  const text = file.text ?? '';
  try {
    const there = servers.read(text);
    if (there !== undefined && !isOurs(there) && !force) throw foreign(file.path, there);
    const planned =
      wanted === undefined ? without(servers, text, there) : withEntry(servers, text, there, wanted);
    // Other entries are a person's work: better no change than a wrong one.
    if (!isDeepStrictEqual(servers.others(planned.text ?? text), servers.others(text)))
      throw new Error(`the edit of ${file.path} would change other entries`);
    return planned;
  } catch (error) {
    if (!(error instanceof UnfitText)) throw error;
    const message = `${file.path} is left as it is: ${error.message}; put that right and run this again`;
    throw new PawlError('precondition', message, { cause: error });
  }
}

const without = (servers: ConfigurationText<Entry>, text: string, there: unknown): Plan =>
  there === undefined ? { outcome: 'absent' } : { outcome: 'removed', text: servers.remove(text) };

function withEntry(servers: ConfigurationText<Entry>, text: string, there: unknown, wanted: Entry): Plan {
  if (there === undefined) return { outcome: 'added', entry: wanted, text: servers.put(text, wanted) };
  // Nothing of another server's entry belongs into ours.
  if (!isOurs(there))
    return { outcome: 'updated', entry: wanted, text: servers.put(servers.remove(text), wanted) };
  const entry = updated(there, wanted);
  if (entry === there) return { outcome: 'unchanged', entry };
  return { outcome: 'updated', entry, text: servers.put(text, entry) };
}

/** A file that holds nothing any more goes; a link to it was made by a person, and stays. */
async function write(
  file: ConfigurationFile,
  text: string,
  { act, scope }: McpEntryRequest,
  servers: ConfigurationText<Entry>,
): Promise<void> {
  const isEmpty = act === 'uninstall' && text.trim() === '';
  if (isEmpty && file.target === file.path) await removeConfiguration(file);
  else if (isEmpty) await replaceConfiguration(file, servers.nothing, 0o600);
  else await replaceConfiguration(file, text, scope === 'project' ? 0o644 : 0o600);
}

function seemsInstalled(
  { title, program, folder }: ReturnType<typeof clientNamed>,
  { text }: ConfigurationFile,
  around: Surroundings,
): void {
  const path = around.env.PATH ?? '';
  if (text !== undefined || existsSync(folder(around)) || findProgram(program, { path, cwd: around.cwd }))
    return;
  throw new PawlError(
    'precondition',
    `${title} seems not to be installed: expected ${folder(around)} or the program ${program}; install it, or write the entry all the same with --force`,
  );
}

/** Says nothing of its arguments and variables, which may hold secrets. */
function foreign(path: string, entry: unknown): PawlError {
  const command =
    typeof entry === 'object' && entry !== null && 'command' in entry ? entry.command : undefined;
  const found = command === undefined ? 'one without a command' : `the command ${JSON.stringify(command)}`;
  const expected = `expected the server ${ENTRY_NAME} in ${path} to start \`pawl mcp\`, found ${found}`;
  return new PawlError('conflict', `${expected}: rename it there, or replace it with --force`);
}
