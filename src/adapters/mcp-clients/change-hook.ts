/**
 * Claude Code makes sure that the engine runs before it calls one of Pawl's tools: a hook in its settings, and Pawl's entry
 * among its MCP servers. Both are planned before either is written, so that a file that cannot be changed leaves both as they are.
 */
import { join } from 'node:path';
import {
  type McpEntryRequest,
  type McpSurroundings,
  modeFor,
  nextAfter,
  planMcpEntry,
} from './change-entry.ts';
import { cameWithEntry, claudeHooks, type Hook, hookOf, isOurHook } from './claude-hooks.ts';
import type { Entry } from './entry.ts';
import { clientNamed, type Scope } from './known-clients.ts';
import { type Outcome, type PlannedChange, planChange } from './planned-change.ts';

export interface HookRequest extends McpEntryRequest {
  readonly client: 'claude';
  /** Where the client asks `/mcp` over HTTP, in place of starting `pawl mcp`. */
  readonly url?: string | undefined;
}

export interface HookChange {
  readonly title: string;
  readonly hook: { readonly file: string; readonly outcome: Outcome; readonly command?: string };
  /** `kept`: it was there before the hook, or is another's by now. */
  readonly entry: { readonly file: string; readonly outcome: Outcome | 'kept'; readonly entry?: Entry };
  readonly next?: string;
}

/** @throws PawlError `precondition` or `conflict`; then nothing was changed */
export async function changeHook(request: HookRequest, around: McpSurroundings): Promise<HookChange> {
  const { hook, entry } = await (request.act === 'install' ? planInstall : planUninstall)(request, around);
  // The hook knows whether the entry came with it, so it is there first and goes last.
  const inOrder = request.act === 'install' ? [hook, entry] : [entry, hook];
  if (!request.dryRun) for (const change of inOrder) await change.make();
  const command = hook.value === undefined ? {} : { command: hook.value.command };
  const written = entry.value === undefined ? {} : { entry: entry.value };
  const next = isNothing(hook) && isNothing(entry) ? {} : { next: nextAfter(request) };
  return {
    title: clientNamed(request.client).title,
    hook: { file: hook.file, outcome: hook.outcome, ...command },
    entry: { file: entry.file, outcome: entry.outcome, ...written },
    ...next,
  };
}

type PlannedEntry = Omit<PlannedChange<Entry>, 'outcome'> & { readonly outcome: Outcome | 'kept' };
interface Plans {
  readonly hook: PlannedChange<Hook>;
  readonly entry: PlannedEntry;
}

const isNothing = ({ outcome }: { readonly outcome: PlannedEntry['outcome'] }): boolean =>
  outcome === 'absent' || outcome === 'kept';

async function planInstall(request: HookRequest, around: McpSurroundings): Promise<Plans> {
  const { scope, url } = request;
  const entry = await planMcpEntry(request, around);
  const program = { launcher: around.launcher(scope), home: around.pawlHome, url };
  const hook = await planHook(scope, around, (there) => {
    // An entry that was there already is a person's: it does not go with the hook.
    const withEntry = entry.outcome === 'added' || (there !== undefined && cameWithEntry(there));
    const wanted = hookOf({ ...program, withEntry });
    if (there === undefined) return wanted;
    return there.command === wanted.command ? there : { ...there, command: wanted.command };
  });
  return { hook, entry };
}

async function planUninstall(request: HookRequest, around: McpSurroundings): Promise<Plans> {
  const hook = await planHook(request.scope, around, undefined);
  const entry = await planMcpEntry({ ...request, force: true }, around);
  const goes = hook.before !== undefined && cameWithEntry(hook.before) && entry.before !== undefined;
  if (goes || entry.outcome === 'absent') return { hook, entry };
  return { hook, entry: { file: entry.file, outcome: 'kept', make: async () => undefined } };
}

/** `wanted` as in `planChange`. */
const planHook = (
  scope: Scope,
  around: McpSurroundings,
  wanted: ((there: Hook | undefined) => Hook) | undefined,
): Promise<PlannedChange<Hook>> =>
  planChange<Hook>({
    path:
      scope === 'project'
        ? join(around.cwd, '.claude', 'settings.json')
        : join(clientNamed('claude').folder(around), 'settings.json'),
    text: claudeHooks,
    isOurs: isOurHook,
    wanted,
    mode: modeFor(scope),
  });
