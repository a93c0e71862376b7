/**
 * Items of a list that write beside each other: real engine, real repository. In which order they were merged, and what of them is
 * left, is judged by plain git in a fresh clone.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExecutionState, SkillView } from '../../src/domain/executions/execution-state.ts';
import { commitFiles, newRepository, scratchFolder, userGit } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from './rig.ts';
import { untilExecution } from './until-execution.ts';

let rig: EngineRig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/**
 * Adds its own name to a list that all of them change, and writes a file of its own; the first of the list is the last to be done.
 * Where git has put markers into the list it keeps both sides.
 */
const WRITER = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const { task } = JSON.parse(readFileSync(process.env.PAWL_TASK_FILE, 'utf8'));
  const name = task.requirement.match(/way (\\w+)/)[1];
  const list = readFileSync('list.txt', 'utf8').split('\\n').filter((line) => line !== '' && !/^[<=>|]{7}/.test(line));
  setTimeout(() => {
    writeFileSync('list.txt', [...new Set([...list, name])].join('\\n') + '\\n');
    writeFileSync(name + '.txt', name + '\\n');
    console.log('{"type":"result","status":"done","summary":"the way ' + name + '"}');
  }, name === 'one' ? 1500 : 0);
`;
const loopOf = (name: string, agent: string, join: string) => `
loop: ${name}
phases:
  - id: draft
    skills:
      - id: draft
        agent: '${agent}'
        brief: 'Go the way {{ way }}.'
        for_each: { in: [one, two, three], as: way, at_most: 3, join: ${join} }
  - id: ship
    skills:
      - { id: ship, deliver: pull_request }
`;
const undelivered = (name: string) => loopOf(name, 'writer', 'all_completed').split('  - id: ship')[0] ?? '';
const agents = ['writer', 'one', 'two', 'three'].map(
  (name) => `  ${name}: { command: [node, -e, ${JSON.stringify(WRITER)}] }\n`,
);
const FILES = {
  'pawl.yaml': `checks:\n  - { name: list, run: [test, -s, list.txt] }\nagents:\n${agents.join('')}`,
  '.pawl/loops/all.yaml': loopOf('all', 'writer', 'all_completed'),
  '.pawl/loops/kept.yaml': undelivered('kept'),
  '.pawl/loops/best.yaml': loopOf('best', '{{ way }}', 'pick'),
  'list.txt': 'zero\n',
};

const draftOf = ({ phases }: ExecutionState): SkillView =>
  phases[0]?.skills[0] ?? expect.fail('there is no skill');
const until = (id: string, when: (state: ExecutionState) => boolean): Promise<ExecutionState> =>
  untilExecution(rig, id, when);

async function begin(id: string, loop: string): Promise<string> {
  const project = newRepository();
  commitFiles(project, FILES);
  await rig.api.startExecution({ id, loop, project, driver: 'engine' });
  return project;
}
async function deliver(id: string): Promise<ExecutionState> {
  const asked = await until(id, ({ phases }) => phases[1]?.skills[0]?.taskStatus === 'awaiting_gate');
  await rig.api.approve({ id: asked.phases[1]?.skills[0]?.task ?? '' });
  return until(id, ({ status }) => status === 'completed');
}
function cloneOf(project: string): string {
  const clone = scratchFolder('clone');
  userGit(clone, 'clone', '-q', project, '.');
  return clone;
}
const branchesOf = (project: string): readonly string[] =>
  userGit(project, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/pawl')
    .split('\n')
    .filter(Boolean);

it('are merged in the order of the list, whichever is done first, and conflicts are mended', {
  timeout: 120_000,
}, async () => {
  const project = await begin('x_all-1', 'all');
  const waiting = await until('x_all-1', (state) =>
    (draftOf(state).items ?? []).some(({ item, waitingFor }) => item === 'three' && waitingFor !== undefined),
  );
  expect(draftOf(waiting).items?.[0]).toMatchObject({ item: 'one', taskStatus: 'in_progress' });
  const state = await deliver('x_all-1');
  expect(draftOf(state).items?.map(({ state: stands }) => stands)).toEqual(Array(3).fill('completed'));
  const clone = cloneOf(project);
  expect(userGit(clone, 'show', 'HEAD:list.txt').split('\n')).toEqual(['zero', 'one', 'two', 'three']);
  // The engine tidies up once all is over.
  await expect.poll(() => branchesOf(project)).toEqual([]);
  expect((await rig.api.execution({ id: 'x_all-1' })).notes).toEqual([]);
});

it('one is picked by its change, and only that is merged; the others stay, and are named', {
  timeout: 120_000,
}, async () => {
  const project = await begin('x_best-1', 'best');
  const made = draftOf(await until('x_best-1', (state) => draftOf(state).isToPick === true));
  const [one, two] = made.items ?? [];
  expect(two?.by).toBe('two');
  const { patch } = await rig.api.diff({ id: two?.task ?? '' });
  expect(patch).toContain('+two');
  const shown = await rig.pawl(['show', 'x_best-1']);
  expect(shown.out).toContain(`pawl execution pick x_best-1 draft two (pawl diff ${two?.task})`);
  expect(await rig.pawl(['execution', 'pick', 'x_best-1', 'draft', 'two'])).toMatchObject({ code: 0 });
  await deliver('x_best-1');
  const clone = cloneOf(project);
  expect(userGit(clone, 'ls-files', '*.txt').split('\n')).toEqual([
    'a.txt',
    'list.txt',
    'src/b.txt',
    'two.txt',
  ]);
  await expect.poll(() => branchesOf(project)).toHaveLength(2);
  await until('x_best-1', ({ notes }) => notes.join().includes(`the branch pawl/${one?.task}`));
  expect(userGit(project, 'show', `pawl/${one?.task}:one.txt`)).toBe('one');
});

it('leave no branches of their own where nothing is delivered: all of it is on that of the execution', {
  timeout: 120_000,
}, async () => {
  const project = await begin('x_kept-1', 'kept');
  await until('x_kept-1', ({ status, notes }) => status === 'completed' && notes.length > 0);
  expect(branchesOf(project)).toEqual(['pawl/x_kept-1']);
  const { notes } = await rig.api.execution({ id: 'x_kept-1' });
  expect(notes).toEqual(['its work is on the branch pawl/x_kept-1']);
});
