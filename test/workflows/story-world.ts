/** The home, engine and repositories in which histories are recorded, and the moves that several stories make. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import type { Pawl } from '../../src/client.ts';
import type { CallOf } from '../../src/domain/operations.ts';
import type { EDITION } from '../../src/domain/task-record.ts';
import type { TaskSpec } from '../../src/domain/task-spec.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { secretOf } from '../../src/engine/home.ts';
import { createStartSeals } from '../../src/engine/start-seals.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

export const AGENTS = join(ROOT, 'test', 'fixtures', 'agents');

export const HISTORIES = join(ROOT, 'test', 'histories');

export const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-record-')));

export const env = { ...process.env, PAWL_HOME: join(folder, 'home'), PAWL_PORT: '0' };

export const launch = (settings: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bin', 'pawl'), ...args], {
    env: { ...env, ...settings },
    stdio: 'inherit',
  });

export interface World {
  readonly pawl: Pawl;
  readonly client: Client;
}

/** A run of an agent in a repository of its own. */
export const runOf = (
  id: string,
  agent: readonly string[],
  more: Partial<CallOf<'run'>> = {},
): CallOf<'run'> => ({
  id,
  requirement: 'Do the work',
  repository: newRepository(id),
  agent: { name: 'command', command: ['node', join(AGENTS, `${agent[0]}.mjs`), ...agent.slice(1)] },
  checks: [check('0')],
  ...more,
});

export const check = (script: string) => ({ name: 'check', run: ['node', '-e', script] });

/**
 * What happens to each task; its name is its id and its file's. @returns the id of what is kept where that is another one
 */
export type Story = (world: World, id: string) => Promise<unknown>;

/** Planned, and its first workflow task done. */
export async function begun(pawl: Pawl, id: string): Promise<void> {
  await pawl.create({ id, title: 'Write the notes' });
  await pawl.show({ id });
}

export const waits = ({ status }: TaskState) => status === 'awaiting_gate';

export async function until(pawl: Pawl, id: string, when: (state: TaskState) => boolean): Promise<void> {
  for await (const state of pawl.follow(id)) if (when(state)) return;
  throw new Error(`${id} never got there`);
}

export async function approve(pawl: Pawl, id: string, when: (state: TaskState) => boolean = () => true) {
  await until(pawl, id, (state) => waits(state) && when(state));
  await pawl.approve({ id, by: 'ann', via: 'cli' });
}

/** As the client starts it, with a short history. @param startDelay of its first workflow task */
export async function startWith(
  client: Client,
  spec: TaskSpec,
  eventsMax: number,
  edition?: typeof EDITION,
  startDelay?: Duration,
): Promise<void> {
  const seal = spec.kind === 'agent_run' ? createStartSeals(secretOf(env.PAWL_HOME)).of(spec) : undefined;
  const args = [{ spec, eventsMax, seal, ...(edition === undefined ? {} : { edition }) }];
  const memo = edition === undefined ? {} : { edition };
  const delayed = startDelay === undefined ? {} : { startDelay };
  await client.workflow.start('task', {
    workflowId: spec.id,
    taskQueue: TASK_QUEUE,
    args,
    memo,
    ...delayed,
  });
}

export function newRepository(name: string): string {
  const path = join(folder, 'repositories', name);
  mkdirSync(path, { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: path });
  commit(path, 'README.md');
  return path;
}

export function commit(repository: string, file: string): void {
  writeFileSync(join(repository, file), `${file}\n`);
  execFileSync('git', ['add', '--all'], { cwd: repository });
  const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];
  execFileSync('git', [...who, 'commit', '-q', '-m', file], { cwd: repository });
}
