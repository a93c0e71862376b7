/** With what an adapter starts its program: its arguments and its environment. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { Agent, AgentRequest } from '../../../src/activities/ports/agent-port.ts';
import { createMask } from '../../../src/domain/mask.ts';
import { ownMark } from '../../own-mark.ts';

export const NOTING = [
  process.execPath,
  join(import.meta.dirname, '..', '..', 'fixtures', 'agents', 'notes-start.mjs'),
];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A request in fresh folders. @param files of the home and the workspace, by their paths in it */
export function requestWith(
  files: {
    readonly home?: Readonly<Record<string, string>>;
    readonly workspace?: Readonly<Record<string, string>>;
  },
  changes: Partial<AgentRequest> = {},
): AgentRequest & { readonly home: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-start-')));
  folders.push(folder);
  const [home, workspace] = [join(folder, 'home'), join(folder, 'workspace')];
  for (const path of [home, workspace]) mkdirSync(path);
  for (const [top, texts] of [
    [home, files.home],
    [workspace, files.workspace],
  ] as const)
    for (const [path, text] of Object.entries(texts ?? {})) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    }
  return {
    choice: { name: 'some', command: NOTING },
    task: { id: 'some-task', title: 'Some task', requirement: 'Do it' },
    attempt: { number: 1, token: 'token', reason: 'first' },
    mark: ownMark('some-task/attempt-1'),
    ...{ home, workspace, scratch: join(folder, 'scratch', 'attempt-1') },
    environment: { PATH: process.env.PATH, HOME: home },
    mask: createMask([]),
    permissions: 'ask',
    limits: {},
    ...changes,
  };
}

export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What its program was started with the last time. @param request whose home the program notes that in */
export async function startOf(
  agent: Agent,
  request: AgentRequest & { readonly home: string },
): Promise<Start & { valueAfter(flag: string): string | undefined }> {
  // What the agent makes of what the program says is no matter.
  await agent.run(request, () => undefined, new AbortController().signal).catch(() => undefined);
  const start = startsIn(request.home).at(-1);
  if (start === undefined) throw new Error('expected that the program was started, it was not');
  return { ...start, valueAfter: (flag) => start.args[start.args.indexOf(flag) + 1] };
}

export const startsIn = (home: string): readonly Start[] =>
  readFileSync(join(home, 'starts.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
