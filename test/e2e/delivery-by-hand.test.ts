/** A delivery whose loop has no agent: at what is in its way people are asked, and the command that wrote is not run for it. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExecutionState, SkillView } from '../../src/domain/executions/execution-state.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState } from '../../src/domain/task-state.ts';
import { commitFiles, newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from './rig.ts';
import { untilExecution } from './until-execution.ts';

let rig: EngineRig;
const folder = mkdtempSync(join(tmpdir(), 'pawl-by-hand-'));
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

it('asks people where it conflicts, is rejected or fails its checks, and goes on once they have mended it', {
  timeout: 120_000,
}, async () => {
  const ran = join(folder, 'ran');
  appendFileSync(ran, '');
  const writes = `const { appendFileSync, writeFileSync } = require('node:fs'); appendFileSync(${JSON.stringify(ran)}, '.'); writeFileSync('a.txt', 'ours')`;
  const loop = `
loop: make
phases:
  - id: p
    skills: [{ id: write, run: [node, -e, ${JSON.stringify(writes)}] }]
    gates: [{ id: right, kind: approval }]
  - id: q
    skills: [{ id: ship, deliver: pull_request }]
`;
  const project = newRepository({
    'pawl.yaml':
      "checks:\n  - { name: good, run: [node, -e, \"process.exit(require('node:fs').existsSync('bad') ? 1 : 0)\"] }\n",
    '.pawl/loops/make.yaml': loop,
    'a.txt': 'base',
  });
  const id = 'x_hand';
  await rig.api.startExecution({ id, loop: 'make', project, inputs: {}, driver: 'engine' });
  await untilExecution(rig, id, ({ phases }) => phases[0]?.gates[0]?.status === 'open');
  commitFiles(project, { 'a.txt': 'theirs' });
  await rig.api.decideGate({ id, gate: 'right', decision: 'approve' });
  const git = (...args: string[]) => execa('git', ['-C', project, ...args], { reject: false });
  let last: string | undefined;
  /** The delivery that waits for people by now, which is another one than the last. */
  const asks = async (): Promise<TaskState> => {
    const waits = ({ task, taskStatus }: Partial<SkillView> = {}) =>
      task !== undefined && task !== last && taskStatus === 'awaiting_gate';
    const state = await untilExecution(rig, id, ({ phases }) => waits(phases[1]?.skills[0]));
    expect(state.blockedBy).toBeUndefined();
    last = state.phases[1]?.skills[0]?.task;
    return rig.api.show({ id: TaskId.parse(last) });
  };
  const open = ({ gates }: TaskState) => gates.find(({ status }) => status === 'open');
  const conflict = await asks();
  expect(open(conflict)).toMatchObject({
    gate: 'escalation',
    question: expect.stringMatching(
      /main conflicts with the work on pawl\/x_hand in a\.txt; the loop has no agent for that: merge main into pawl\/x_hand by hand/,
    ),
    next: expect.stringMatching(
      /pawl retry \S+ delivers anew what is on pawl\/x_hand.*pawl cancel \S+ leaves it undone/,
    ),
  });
  expect((await rig.api.gates({})).gates).toMatchObject([{ id: last, gate: { gate: 'escalation' } }]);
  await expect(rig.api.tell({ id: conflict.id, text: 'make it red' })).rejects.toThrow(
    'no agent that could be told',
  );
  await git('checkout', '-q', 'pawl/x_hand');
  await git('merge', '-q', 'main');
  commitFiles(project, { 'a.txt': 'both', bad: '' });
  await git('checkout', '-q', 'main');
  await rig.api.retry({ id: conflict.id });
  const unchecked = await asks();
  expect(await rig.api.show({ id: conflict.id })).toMatchObject({
    status: 'failed',
    failure: { class: 'conflict' },
  });
  expect(open(unchecked)?.question).toMatch(/check failed: .*mend it on pawl\/x_hand by hand/);
  // Whoever leaves it undone blocks the execution, which has ways on of its own.
  await rig.api.cancel({ id: unchecked.id });
  const { blockedBy } = await untilExecution(rig, id, (state) => state.blockedBy !== undefined);
  expect(blockedBy).toMatch(
    /skill ship failed: .*was cancelled; retry it, reset it, or let somebody who may approve skip it/,
  );
  await git('checkout', '-q', 'pawl/x_hand');
  await git('rm', '-q', 'bad');
  commitFiles(project, {});
  await git('checkout', '-q', 'main');
  await rig.api.steerExecution({ id, steer: { act: 'retry', skill: 'ship' } });
  const shown = await asks();
  expect(open(shown)?.gate).toBe('approval');
  await rig.api.reject({ id: shown.id, reason: 'too red' });
  const rejected = await rig.until(shown.id, (state) => open(state)?.gate === 'escalation');
  expect(open(rejected)?.question).toContain(': too red; the loop has no agent');
  await rig.api.retry({ id: shown.id });
  const again = await asks();
  await rig.api.approve({ id: again.id });
  await untilExecution(rig, id, ({ status }) => status === 'completed');
  expect(readFileSync(join(project, 'a.txt'), 'utf8')).toBe('both');
  expect(readFileSync(ran, 'utf8')).toBe('.');
});

it('needs no agent where the work was done by hand', { timeout: 120_000 }, async () => {
  // Whoever would be paid is not even there.
  const project = newRepository({
    'pawl.yaml': 'agent: dear\nagents:\n  dear: { command: [no-such-program] }\n',
    '.pawl/loops/hand.yaml': `
loop: hand
phases:
  - id: p
    skills: [{ id: write, manual: true }, { id: ship, deliver: pull_request }]
`,
  });
  const id = 'x_by-hand';
  await rig.api.startExecution({ id, loop: 'hand', project, inputs: {}, driver: 'engine' });
  const git = (...args: string[]) => execa('git', ['-C', project, ...args]);
  await git('checkout', '-q', '-b', 'pawl/x_by-hand');
  commitFiles(project, { 'a.txt': 'by hand' });
  await git('checkout', '-q', 'main');
  await rig.api.completeSkill({ id, skill: 'write', summary: 'written' });
  const taskOf = ({ phases }: ExecutionState) => phases[0]?.skills[1];
  const state = await untilExecution(rig, id, (one) => taskOf(one)?.taskStatus === 'awaiting_gate');
  const task = TaskId.parse(taskOf(state)?.task);
  expect((await rig.api.show({ id: task })).agent).toBe('(people)');
  await rig.api.approve({ id: task });
  await untilExecution(rig, id, ({ status }) => status === 'completed');
  expect(readFileSync(join(project, 'a.txt'), 'utf8')).toBe('by hand');
});
