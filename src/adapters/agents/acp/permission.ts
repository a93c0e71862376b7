/** What is answered when an agent asks for permission. Options are chosen by their kind: their ids differ. */
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type {
  PermissionOptionKind,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from '@agentclientprotocol/sdk';
import { z } from 'zod';
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { Permission } from '../../../domain/failures.ts';
import { clip, LIMITS } from '../../../domain/limits.ts';
import { isInside } from '../../files/is-inside.ts';

export type Verdict =
  | { readonly kind: 'answer'; readonly response: RequestPermissionResponse }
  /** A person decides: the turn is cancelled, and the session goes on with the answer. */
  | { readonly kind: 'ask'; readonly permission: Permission };

export function verdictOn(
  asked: RequestPermissionRequest,
  {
    permissions,
    attempt,
    workspace,
    directory = workspace,
  }: Pick<AgentRequest, 'permissions' | 'workspace' | 'directory'> & {
    readonly attempt: { readonly granted?: readonly string[] };
  },
): Verdict {
  const permission = permissionOf(asked);
  const isGranted = permissions === 'allow' || (attempt.granted ?? []).includes(permission.id);
  if (isGranted || isEditInside(asked, { workspace, directory }))
    return answer(asked, ['allow_once', 'allow_always']);
  if (permissions === 'deny') return answer(asked, ['reject_once', 'reject_always']);
  return { kind: 'ask', permission };
}

/** The same for the same wish of another attempt: ids of calls and sessions are no part of it. */
export function permissionOf({ toolCall }: RequestPermissionRequest): Permission {
  const { kind, title, rawInput } = toolCall;
  const locations = (toolCall.locations ?? []).map(({ path }) => path);
  const words = title ?? (rawInput === undefined ? 'use a tool' : JSON.stringify(rawInput));
  return {
    id: digestOf(
      commandIn(rawInput) ?? { kind: kind ?? '', title: title ?? '', locations, rawInput: rawInput ?? '' },
    ),
    title: clip(words.replace(/\s+/g, ' ').trim(), LIMITS.noteCharsMax),
  };
}

const RunsCommand = z
  .object({ command: z.string(), cwd: z.unknown(), workdir: z.unknown() })
  .partial({ cwd: true, workdir: true });

/** A command is one wish, however often an agent asks about it: for its folders first, then for itself. */
function commandIn(rawInput: unknown): z.infer<typeof RunsCommand> | undefined {
  const read = RunsCommand.safeParse(rawInput);
  return read.success ? read.data : undefined;
}

function answer(
  { options }: RequestPermissionRequest,
  kinds: readonly PermissionOptionKind[],
): Extract<Verdict, { kind: 'answer' }> {
  const chosen = kinds.flatMap((kind) => options.find((option) => option.kind === kind) ?? [])[0];
  const outcome =
    chosen === undefined
      ? ({ outcome: 'cancelled' } as const)
      : ({ outcome: 'selected', optionId: chosen.optionId } as const);
  return { kind: 'answer', response: { outcome } };
}

/** Changing files of its workspace is what an agent is for. */
function isEditInside(
  { toolCall }: RequestPermissionRequest,
  { workspace, directory }: { readonly workspace: string; readonly directory: string },
): boolean {
  if (toolCall.kind !== 'edit') return false;
  const diffs = (toolCall.content ?? []).flatMap((one) => (one.type === 'diff' ? [one.path] : []));
  const paths = [...(toolCall.locations ?? []).map(({ path }) => path), ...diffs];
  return paths.length > 0 && paths.every((path) => isWork(workspace, resolve(directory, path)));
}

/** Where a path really leads: a link in the workspace may point anywhere. */
function isWork(workspace: string, path: string): boolean {
  const top = realpathSync(workspace);
  const real = realPathOf(path);
  return isInside(top, real) && relative(top, real).split(sep)[0] !== '.git';
}

function realPathOf(path: string): string {
  const parent = dirname(path);
  if (existsSync(path) || parent === path) return realpathSync(path);
  // What is not there yet will be where its folder is; a link to nowhere leads somewhere else.
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return sep;
  return join(realPathOf(parent), basename(path));
}
