/** The files of a task: of its workspace while it has one, then what is kept of them. They are only read. */
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { referenceIn } from '../../../domain/artifact-address.ts';
import { PawlError } from '../../../domain/failures.ts';
import type { WorkspaceFile } from '../../../domain/host-reads.ts';
import { TaskId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import { Refusal } from '../../http/refusals.ts';
import { type Asked, route } from './route.ts';

/** The change of a task, beside what it left as artifacts. */
const PATCH = 'change.patch';

const Shown = z.object({
  name: z.string(),
  path: z.string(),
  full_path: z.string().describe("where it lies on the engine's host; of an artifact its address"),
  size: z.int(),
  lines: z.int().nullable().describe('null where that was too much to count, or it is no text'),
  modified: z.iso.datetime().nullable(),
  icon: z.string(),
  type: z.string(),
});

export const workspaceFiles = route({
  name: 'workspaceFiles',
  summary: 'List the files in the workspace of a task; once that is gone, its artifacts and its change',
  method: 'GET',
  path: '/api/workspace/files',
  scope: 'read',
  input: z.strictObject({ task: TaskId }),
  output: z.object({
    files: z
      .array(Shown)
      .describe('those near the top first; left out: .git, installed packages (node_modules), links'),
    source: z.enum(['workspace', 'artifacts']),
    truncated: z.boolean().describe('there are more files than are listed'),
  }),
  async answer({ calls, host }, { task }) {
    const state = await calls.show({ id: task });
    const live = await host.workspaceFiles(task);
    if (live !== undefined)
      return { files: live.files.map(shownOf), source: 'workspace' as const, truncated: live.isCut };
    return {
      files: keptOf(state).map(({ file }) => shownOf(file)),
      source: 'artifacts' as const,
      truncated: false,
    };
  },
});

export const workspaceFile = route({
  name: 'workspaceFile',
  summary: 'Read a text in the workspace of a task, or of its artifacts',
  method: 'GET',
  path: '/api/workspace/files/{path}',
  scope: 'read',
  input: z.strictObject({ task: TaskId, path: z.string().min(1).max(4096) }),
  output: z.object({
    path: z.string(),
    content: z.string().describe('without secrets that the engine knows'),
    size: z.int(),
    modified: z.iso.datetime().nullable(),
  }),
  async answer(asked, { task, path }) {
    const state = await asked.calls.show({ id: task });
    const live = await asked.host.workspaceFile(task, path);
    if (live === undefined) return readKept(asked, state, path);
    if (live.text === undefined) throw noText(path);
    return { path, content: live.text, size: live.bytes, modified: live.modifiedAt };
  },
});

interface Kept {
  readonly digest: string;
  readonly file: WorkspaceFile;
}

/** Under the name that each had, or its digest. Pure. */
export function keptOf({ artifacts, pullRequest }: Pick<TaskState, 'artifacts' | 'pullRequest'>): Kept[] {
  const left = artifacts.flatMap((address) => {
    const known = referenceIn(address);
    if (known === undefined) return [];
    const { digest, bytes, name } = known;
    return [{ digest, file: { path: name ?? digest, place: `pawl://artifacts/${digest}`, bytes } }];
  });
  if (pullRequest === null) return left;
  const { diff: digest } = pullRequest;
  return [...left, { digest, file: { path: PATCH, place: `pawl://artifacts/${digest}`, bytes: 0 } }];
}

async function readKept({ calls }: Asked, state: TaskState, path: string) {
  const kept = keptOf(state).findLast(({ file }) => file.path === path);
  if (kept === undefined)
    throw new PawlError('not_found', `the task ${state.id} has no workspace now, and left no such file`);
  const { digest } = kept;
  const { content, bytes, next } = await calls.artifact({ digest });
  if (next !== null)
    throw new PawlError(
      'invalid_input',
      `expected a file of at most ${LIMITS.artifactSliceBytesMax} bytes, got ${bytes}: GET /api/artifacts/${digest} reads it in parts`,
    );
  const whole = Buffer.from(content, 'base64');
  if (!isUtf8(whole) || whole.includes(0)) throw noText(path);
  return { path, content: whole.toString('utf8'), size: bytes, modified: null };
}

const noText = (path: string): Refusal =>
  new Refusal('no_text', `expected a text in UTF-8, got a file that is none: ${path}`);

function shownOf({ path, place = path, bytes, lines, modifiedAt }: WorkspaceFile): z.infer<typeof Shown> {
  const type = typeOf(path);
  return {
    ...{ name: path.split('/').at(-1) ?? path, path, full_path: place, size: bytes, type },
    lines: lines ?? null,
    modified: modifiedAt ?? null,
    icon: ICONS[type] ?? '📄',
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ...{
    py: 'python',
    js: 'javascript',
    mjs: 'javascript',
    jsx: 'javascript',
    ts: 'typescript',
    tsx: 'typescript',
  },
  ...{ html: 'html', css: 'css', json: 'json', md: 'markdown', yaml: 'yaml', yml: 'yaml', sh: 'shell' },
};
const ICONS: Readonly<Record<string, string>> = {
  ...{ python: '🐍', javascript: '📜', typescript: '📜', html: '🌐', css: '🎨', json: '📋', markdown: '📝' },
};

function typeOf(path: string): string {
  const [, ending = ''] = /\.([a-z0-9]+)$/i.exec(path) ?? [];
  const known = ending.toLowerCase();
  return Object.hasOwn(TYPES, known) ? (TYPES[known] ?? 'text') : known || 'text';
}
