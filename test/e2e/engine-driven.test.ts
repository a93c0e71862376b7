/**
 * Executions whose agents and commands the engine runs: real engine, real repository, real programs. What came of it is judged
 * by a fresh clone with the original tests.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { commitFiles, newRepository } from '../adapters/scratch-repository.ts';
import { atGate, attach, closed, type EngineRig, startRig } from './rig.ts';
import { untilExecution } from './until-execution.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  await rig.close();
});

/** Adds up wrongly the first time, rightly once it is told of the failing check. */
const BUILDER = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const { attempt, task } = JSON.parse(readFileSync(process.env.PAWL_TASK_FILE, 'utf8'));
  writeFileSync('sum.js', 'exports.sum = (a, b) => a ' + (attempt.number > 1 ? '+' : '-') + ' b;\\n');
  console.log('{"type":"result","status":"done","summary":"wrote sum.js for ' + task.requirement.match(/goal (\\w+)/)[1] + '"}');
`;
const LOOP = `
loop: make
title: Make it
inputs:
  goal: { type: string, required: true }
phases:
  - id: plan
    skills:
      - id: plan
        run: [node, -e, 'require("fs").writeFileSync("scratch.txt", "x"); console.log(JSON.stringify({ risk: "high", files: [process.env.PAWL_IN_GOAL] }))']
        writes: none
        returns: { risk: "enum(low, high)", files: "string[]" }
    gates:
      - { id: right, kind: approval, when: plan.risk == 'high' }
  - id: build
    skills:
      - id: build
        agent: builder
        brief: 'For the goal {{ inputs.goal }}, in {{ plan.files }}.'
        repeat: { most: 3, until: { checks: [test] } }
        guarantees: [{ id: changed, deliverable: sum.js, changed: true }]
      - id: look
        for_each: { in: [one, two], as: lens, at_most: 2 }
        run: [node, -e, 'console.log(JSON.stringify({ verdict: require("./sum.js").sum(1, 2) === 3 ? "ok" : "fix" }))']
        writes: none
        returns: { verdict: "enum(ok, fix)" }
    gates:
      - { id: reviewed, kind: check, checks: all, passes_if: look.every.verdict == 'ok' }
  - id: ship
    skills:
      - { id: ship, deliver: pull_request }
`;
const FILES = {
  'pawl.yaml': `checks:\n  - { name: test, run: [node, test.js] }\nagents:\n  builder: { command: [node, -e, ${JSON.stringify(BUILDER)}] }\n`,
  '.pawl/loops/make.yaml': LOOP,
  'test.js': "require('node:assert').equal(require('./sum.js').sum(1, 2), 3);\n",
};

const until = (id: string, when: (state: ExecutionState) => boolean): Promise<ExecutionState> =>
  untilExecution(rig, id, when);

it('goes from its inputs to a merge, and asks people only what they must decide', {
  timeout: 120_000,
}, async () => {
  const project = newRepository(FILES);
  const id = 'x_make';
  const started = await rig.api.startExecution({
    ...{ id, loop: 'make', project, inputs: { goal: 'sum' }, driver: 'engine' },
  });
  expect(started).toEqual({ id, created: true, branch: 'pawl/x_make' });
  const asked = await until(id, ({ phases }) => phases[0]?.gates[0]?.status === 'open');
  expect(asked.phases[0]?.skills[0]).toMatchObject({
    ...{ state: 'completed', by: 'command', via: 'task', outputs: { risk: 'high', files: ['sum'] } },
  });
  await rig.api.decideGate({ id, gate: 'right', decision: 'approve' });
  const shipping = await until(
    id,
    ({ currentPhase, blockedBy, phases }) =>
      blockedBy !== undefined || (currentPhase === 'ship' && phases[2]?.skills[0]?.task !== undefined),
  );
  expect(shipping.blockedBy).toBeUndefined();
  expect(shipping.phases[1]).toMatchObject({
    skills: [
      { summary: 'wrote sum.js for sum' },
      { items: [{ state: 'completed' }, { state: 'completed' }] },
    ],
    gates: [{ status: 'approved', by: 'pawl' }],
  });
  const build = await rig.api.show({ id: shipping.phases[1]?.skills[0]?.task ?? '' });
  expect(build).toMatchObject({ status: 'completed', title: 'build: Make it' });
  expect(build.attempts.map(({ reason }) => reason)).toEqual(['first', 'fix']);
  const ship = shipping.phases[2]?.skills[0]?.task ?? '';
  const shown = await rig.until(ship, atGate);
  expect(shown.pullRequest?.files).toBe(1);
  await rig.api.approve({ id: ship });
  expect(await rig.until(ship, closed)).toMatchObject({ status: 'completed' });
  const ended = await until(id, ({ status }) => status === 'completed');
  expect(ended.notes).toEqual([]);
  expect(await judged(project)).toEqual({ test: 0, files: ['.pawl', 'pawl.yaml', 'sum.js', 'test.js'] });
  await vi.waitFor(async () => expect(await branchesOf(project)).toEqual(['main']), { timeout: 20_000 });
});

const branchesOf = async (project: string): Promise<string[]> =>
  (await execa('git', ['-C', project, 'branch', '--format=%(refname:short)'])).stdout.split('\n');

async function judged(project: string): Promise<{ test: number | undefined; files: string[] }> {
  const clone = mkdtempSync(join(tmpdir(), 'pawl-judged-'));
  try {
    await execa('git', ['clone', '-q', project, clone]);
    const { exitCode } = await execa('node', ['test.js'], { cwd: clone, reject: false });
    const { stdout } = await execa('git', ['ls-tree', '--name-only', 'HEAD'], { cwd: clone });
    return { test: exitCode, files: stdout.split('\n') };
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

it('does each skill once and merges once, however often the engine is killed', {
  timeout: 180_000,
}, async () => {
  const project = newRepository(FILES);
  const id = 'x_killed';
  await rig.api.startExecution({ id, loop: 'make', project, inputs: { goal: 'sum' }, driver: 'engine' });
  let kills = 0;
  for (;;) {
    const state = await rig.api.execution({ id });
    if (state.status === 'completed') break;
    expect(state.blockedBy).toBeUndefined();
    if (state.phases[0]?.gates[0]?.status === 'open')
      await rig.api.decideGate({ id, gate: 'right', decision: 'approve' });
    const ship = state.phases[2]?.skills[0]?.task;
    const gate = ship === undefined ? undefined : (await rig.api.show({ id: ship })).gates.at(-1);
    if (ship !== undefined && gate?.gate === 'approval' && gate.status === 'open')
      await rig.api.approve({ id: ship });
    await sleep(500 * (kills + 1));
    if (kills >= 5) continue;
    kills += 1;
    process.kill(rig.endpoints.pid, 'SIGKILL');
    await rig.leave();
    expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
    rig = await attach(rig);
  }
  const { tasks } = await rig.api.list({});
  const titles = tasks
    .filter((one) => one.repository === project)
    .map(({ title, status }) => [title, status]);
  expect(titles.sort()).toEqual(
    ['build', 'look (one)', 'look (two)', 'plan', 'ship'].map((skill) => [`${skill}: Make it`, 'completed']),
  );
  expect(await judged(project)).toMatchObject({ test: 0 });
  const { stdout } = await execa('git', [
    '-C',
    project,
    'log',
    '--format=%s',
    '--grep=Pawl-Task: killed-ship',
  ]);
  expect(stdout.split('\n')).toHaveLength(1);
});

it('is blocked in words where a command fails, and goes on when it is told to', {
  timeout: 120_000,
}, async () => {
  const loop = `
loop: tries
phases:
  - id: p
    skills:
      - id: a
        run: [node, -e, 'if (!require("fs").existsSync("there.txt")) process.exit(3)']
`;
  const project = newRepository({ 'pawl.yaml': 'checks: []\n', '.pawl/loops/tries.yaml': loop });
  const id = 'x_tries';
  await rig.api.startExecution({ id, loop: 'tries', project, inputs: {}, driver: 'engine' });
  const { blockedBy, phases } = await until(id, ({ status }) => status === 'blocked');
  const task = phases[0]?.skills[0]?.task ?? '';
  expect(blockedBy).toContain(`task ${task} failed (unknown): the program exited with 3`);
  await expect(rig.api.retry({ id: task })).rejects.toThrow('pawl execution retry x_tries a');
  // A person mends the branch by hand.
  await execa('git', ['-C', project, 'checkout', '-q', 'pawl/x_tries']);
  commitFiles(project, { 'there.txt': 'there' });
  await execa('git', ['-C', project, 'checkout', '-q', 'main']);
  await rig.api.steerExecution({ id, steer: { act: 'retry', skill: 'a' } });
  // Its branch is looked at after it has ended.
  const { notes } = await until(id, (state) => state.status === 'completed' && state.notes.length > 0);
  // Nobody has delivered it.
  expect(notes).toEqual(['its work is on the branch pawl/x_tries']);
  expect((await branchesOf(project)).sort()).toEqual(['main', 'pawl/x_tries']);
});
