/** What happens to executions: each is driven to its end. Kept under its name, without the `x_` of its id. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import type { Act } from '../../src/domain/executions/execution-messages.ts';
import type { ExecutionSpec } from '../../src/domain/executions/execution-spec.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { ExecutionId } from '../../src/domain/ids.ts';
import { parseLoop } from '../../src/domain/loops/parse-loop.ts';
import type { CallOf } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { approval, phase, skill } from '../domain/executions/written-loops.ts';
import { newRepository, type Story, type World } from './story-world.ts';

export const executionOf = (name: string): string => `x_${name}`;

const DOC = { guarantees: [{ id: 'doc', deliverable: 'docs/*.md' }] };

/** Begun in a repository of its own, whose base commit has the loop. */
export async function begun(
  { pawl }: World,
  name: string,
  phases: readonly object[],
  more: Partial<CallOf<'startExecution'>> = {},
) {
  const project = newRepository(name);
  put(
    project,
    '.pawl/loops/told.yaml',
    stringify({ loop: 'told', checks: [CHECK], phases }, { aliasDuplicateObjects: false }),
  );
  const id = executionOf(name);
  await pawl.startExecution({ id, loop: 'told', project, ...more });
  const steer = (act: Act) => pawl.steerExecution({ id, steer: act });
  return {
    id,
    project,
    steer,
    done: (one: string, more: object = {}) => pawl.completeSkill({ id, skill: one, ...more }),
    decide: (gate: string, decision: 'approve' | 'reject') =>
      pawl.decideGate({ id, gate, decision, ...(decision === 'reject' && { reason: 'not so' }) }),
    async until(when: (state: ExecutionState) => boolean) {
      while (!when(await pawl.execution({ id }))) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}

const CHECK = { name: 'there', run: ['node', '-e', "require('node:fs').readFileSync('done.txt')"] };

function put(project: string, file: string, text: string): void {
  const path = join(project, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  for (const args of [
    ['add', '-A'],
    ['commit', '-q', '-m', `Put ${file}`],
  ])
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: project,
    });
}

export const EXECUTIONS: Readonly<Record<string, Story>> = {
  async 'execution-paused'(world, name) {
    const it = await begun(world, name, [
      phase('p', [skill('a')], [approval('g')]),
      phase('q', [skill('b')]),
    ]);
    await world.pawl.updateExecution({ id: it.id, status: 'paused', note: 'lunch' });
    await world.pawl.updateExecution({ id: it.id, status: 'active', checkpoint: { data: { at: 'a' } } });
    await it.done('a');
    await it.decide('g', 'approve');
    await it.done('b', { summary: 'done', score: 0.9 });
  },
  async 'execution-rework'(world, name) {
    const back = { on_reject: { go_to: 'p', most: 2 }, expires: '3d' };
    const it = await begun(world, name, [
      phase('p', [skill('a')]),
      phase('q', [skill('b')], [approval('g', back)]),
    ]);
    await it.done('a');
    await it.done('b');
    await it.decide('g', 'reject');
    await it.done('a');
    await it.done('b');
    await it.decide('g', 'approve');
  },
  async 'execution-for-each'(world, name) {
    const each = { in: ['x', 'y', 'z'], as: 'item', at_most: 2, join: 'pick' };
    const it = await begun(world, name, [
      phase('p', [{ id: 'a', agent: 'auto', brief: 'Do {{ item }}', for_each: each }]),
    ]);
    for (const item of ['x', 'y', 'z']) await it.done('a', { item });
    await it.steer({ act: 'pick', skill: 'a', item: 'y' });
  },
  async 'execution-repeat'(world, name) {
    const repeat = { most: 3, until: { checks: ['there'] } };
    const gate = { id: 'seen', kind: 'check', checks: ['there'] };
    const it = await begun(world, name, [
      phase('p', [{ id: 'a', agent: 'auto', brief: 'Do it', repeat }], [gate]),
    ]);
    await it.done('a');
    await it.until(({ status }) => status === 'blocked');
    put(it.project, 'done.txt', 'done');
    await it.done('a', { summary: 'now' });
    await it.until(({ status }) => status === 'completed');
  },
  async 'execution-waiver'(world, name) {
    const it = await begun(world, name, [phase('p', [skill('a', DOC)])]);
    await it.done('a');
    await it.until(({ status }) => status === 'blocked');
    await it.steer({ act: 'retry', skill: 'a' });
    await it.until(({ status }) => status === 'blocked');
    const resolved = {
      skill: 'a',
      guarantee: 'doc',
      type: 'waived_with_reason',
      evidence: 'in the wiki',
    } as const;
    await it.steer({ act: 'resolve', ...resolved });
  },
  async 'execution-aborted'(world, name) {
    const it = await begun(world, name, [
      phase('p', [skill('a', { timeout: { total: '1h' } })], [approval('g')]),
    ]);
    await world.pawl.completeSkill({ id: it.id, skill: 'a', outcome: 'failed', summary: 'no' });
    await it.steer({ act: 'retry', skill: 'a' });
    await it.done('a');
    await it.steer({ act: 'set_gates', gate: 'g', override: 'human' });
    await it.steer({ act: 'abort', reason: 'enough' });
  },
  async 'execution-continued'(world, name) {
    const back = { on_reject: { go_to: 'p', most: 9 }, expires: '3d' };
    const read = parseLoop({ loop: 'told', phases: [phase('p', [skill('a')], [approval('g', back)])] });
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const id = ExecutionId.parse(executionOf(name));
    const spec: ExecutionSpec = {
      ...{ id, title: 'Told', loop: read.loop, digest: 'sha256:0', inputs: {}, requester: 'ann', checks: [] },
      ...{ source: { source: 'home', file: 'told.yaml' }, project: '/home/ann/shop', baseCommit: '0' },
      ...{ autonomy: 'full', host: 'host', startedAt: '2026-01-02T03:04:05.000Z' },
    };
    await world.client.workflow.start('execution', {
      ...{ workflowId: id, taskQueue: TASK_QUEUE },
      memo: { edition: EDITION, execution: { title: 'Told', loop: 'told', requester: 'ann' } },
      args: [{ spec, edition: EDITION, seal: '', eventsMax: 24 }],
    });
    const decide = (decision: 'approve' | 'reject') =>
      world.pawl.decideGate({ id, gate: 'g', decision, ...(decision === 'reject' && { reason: 'not so' }) });
    for (const _ of [1, 2, 3]) {
      await world.pawl.completeSkill({ id, skill: 'a' });
      await decide('reject');
    }
    await world.pawl.completeSkill({ id, skill: 'a' });
    await decide('approve');
  },
  /** Twice past the door: by the first rule of setting gates, and by none. */
  async 'execution-gates-set'(world, name) {
    const asked = approval('g', { when: "a.state == 'completed'" });
    const it = await begun(world, name, [phase('p', [skill('a')], [asked, approval('h')])]);
    const handle = world.client.workflow.getHandle(it.id);
    const set = (act: object, more: object = {}) =>
      handle.executeUpdate('steer', { args: [{ by: 'bob', ...more, steer: { act: 'set_gates', ...act } }] });
    await set({ gate: 'g', override: 'auto' });
    await set({ override: 'human' }, { guarded: true });
    await set({ gate: 'g', override: 'conditional' }, { guarded: true });
    await set({ gate: 'g', enabled: false }, { guarded: true }).catch(() => undefined);
    await it.steer({ act: 'set_gates', gate: 'h', override: 'human' });
    const why = { reason: 'a typing error' };
    await it.steer({ act: 'set_gates', override: 'conditional', ...why });
    await it.steer({ act: 'set_gates', gate: 'h', enabled: false, ...why });
    const checkpoint = { phase: 'p', data: { at: 'a' } };
    await handle.executeUpdate('update', {
      args: [{ by: 'bob', checkpoint: { ...checkpoint, phase: 'z' } }],
    });
    await world.pawl.updateExecution({ id: it.id, checkpoint });
    await it.done('a');
    await it.decide('g', 'approve');
  },
  async 'execution-cancelled'(world, name) {
    const it = await begun(world, name, [phase('p', [skill('a', DOC)], [approval('g', { expires: '3d' })])]);
    put(it.project, 'docs/a.md', '# A');
    await it.done('a');
    await it.until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
    await world.client.workflow.getHandle(it.id).signal('update', { nonsense: true });
    await world.client.workflow.getHandle(it.id).cancel();
  },
};
