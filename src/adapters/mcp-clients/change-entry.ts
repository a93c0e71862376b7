/** Pawl's entry in the configuration of an AI client: put there, kept up to date, and taken out again. */
import { existsSync } from 'node:fs';
import type { McpClientName } from '../../domain/agent-names.ts';
import { PawlError } from '../../domain/failures.ts';
import { findProgram } from '../programs/find-program.ts';
import { ENTRY_NAME, type Entry, entryOf, isOurs, isStarted, type StdioEntry, updated } from './entry.ts';
import { clientNamed, type Scope, type Surroundings } from './known-clients.ts';
import { type Outcome, type PlannedChange, planChange } from './planned-change.ts';

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
  readonly outcome: Outcome;
  /** As it stands after this; undefined where there is none. */
  readonly entry?: StdioEntry;
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
  const { file, outcome, value, make } = await planMcpEntry(request, around);
  if (!request.dryRun) await make();
  const entry = value !== undefined && isStarted(value) ? { entry: value } : {};
  const next = outcome === 'absent' ? {} : { next: nextAfter(request) };
  return { title: clientNamed(request.client).title, file, outcome, ...entry, ...next };
}

/** Changes nothing yet. `url`: the client asks there over HTTP, in place of starting `pawl mcp`. @throws PawlError */
export async function planMcpEntry(
  request: Omit<McpEntryRequest, 'dryRun'> & { readonly url?: string | undefined },
  around: McpSurroundings,
): Promise<PlannedChange<Entry>> {
  const { scope, act, toolset, url, force } = request;
  const client = clientNamed(request.client);
  const path = client.files[scope](around);
  const entry = entryOf({
    ...{ launcher: around.launcher(scope), home: around.pawlHome, fields: client.fields },
    ...{ toolset, url },
  });
  const planned = await planChange<Entry>({
    path,
    text: client.servers,
    isOurs: (there): there is Entry => {
      if (isOurs(there)) return true;
      if (force) return false;
      throw foreign(path, there);
    },
    wanted:
      act === 'uninstall' ? undefined : (there) => (there === undefined ? entry : updated(there, entry)),
    mode: modeFor(scope),
  });
  if (act === 'install' && scope === 'user' && !force && !existsSync(path)) seemsInstalled(client, around);
  return planned;
}

/** Of a new file: what is of a person is nobody else's business, what is of a project is shared. */
export const modeFor = (scope: Scope): number => (scope === 'project' ? 0o644 : 0o600);

/** What a person does then. */
export function nextAfter({ client, act, scope }: Pick<McpEntryRequest, 'client' | 'act' | 'scope'>): string {
  const { next, nextInProject } = clientNamed(client);
  const inProject = scope === 'project' && act === 'install' ? nextInProject : undefined;
  return inProject === undefined ? next[act] : `${next[act]}; ${inProject}`;
}

function seemsInstalled(
  { title, program, folder }: ReturnType<typeof clientNamed>,
  around: Surroundings,
): void {
  const path = around.env.PATH ?? '';
  if (existsSync(folder(around)) || findProgram(program, { path, cwd: around.cwd })) return;
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
