/** How the tasks of skills are shown in an execution: those under way alone, and whatever they wait for. */
import { expect, it } from 'vitest';
import type { ExecutionState, SkillView } from '../../../src/domain/executions/execution-state.ts';
import { tasksUnderWay, withTasks } from '../../../src/domain/executions/with-tasks.ts';
import type { TaskState } from '../../../src/domain/task-state.ts';

const skill = (id: string, more: Partial<SkillView>): SkillView => ({
  ...{ id, doer: 'agent', round: 1, guarantees: [], state: 'in-progress' },
  ...more,
});
const execution = (skills: readonly SkillView[], status: ExecutionState['status'] = 'active') =>
  ({ status, phases: [{ id: 'build', skills, gates: [] }] }) as unknown as ExecutionState; // nothing else of it is looked at
const task = (id: string, more: Partial<TaskState>) =>
  ({ id, status: 'in_progress', gates: [], ...more }) as unknown as TaskState; // the same

const SKILLS = [
  skill('plan', { task: 'plan-1', state: 'completed' }),
  skill('build', { task: 'build-1' }),
  skill('spec', {}),
  skill('look', {
    items: [
      { item: 'one', state: 'completed', task: 'one-1' },
      { item: 'two', state: 'in-progress', task: 'two-1' },
    ],
  }),
];

it('are those of skills and items that have begun and not ended', () => {
  expect(tasksUnderWay(execution(SKILLS))).toEqual(['build-1', 'two-1']);
  expect(tasksUnderWay(execution(SKILLS, 'paused'))).toEqual(['build-1', 'two-1']);
  expect(tasksUnderWay(execution(SKILLS, 'aborted'))).toEqual([]);
});

it('are shown where they are, and only those', () => {
  const tasks = ['plan-1', 'build-1', 'one-1', 'two-1'].map((id) => [id, task(id, {})] as const);
  const [plan, build, spec, look] = withTasks(execution(SKILLS), new Map(tasks)).phases[0]?.skills ?? [];
  expect([plan, spec]).toEqual([SKILLS[0], SKILLS[2]]);
  expect(build).toEqual({ ...SKILLS[1], taskStatus: 'in_progress' });
  expect(look?.items).toEqual([
    SKILLS[3]?.items?.[0],
    { item: 'two', state: 'in-progress', task: 'two-1', taskStatus: 'in_progress' },
  ]);
});

it.each([
  [{ waitingFor: 'a slot' }, 'a slot'],
  [
    { gates: [{ gate: 'escalation', status: 'open', question: 'Which?', next: 'pawl retry build-1' }] },
    'Which?: pawl retry build-1',
  ],
  [{ gates: [{ gate: 'approval', status: 'open' }] }, 'approval'],
  [{ gates: [{ gate: 'check', status: 'failed' }] }, undefined],
] as const)('tell what they wait for: %j', (standing, expected) => {
  const tasks = new Map([['build-1', task('build-1', standing as Partial<TaskState>)]]);
  const build = withTasks(execution(SKILLS), tasks).phases[0]?.skills[1];
  expect(build?.waitingFor).toBe(expected);
});

it('leave the state as it is where nothing is known of them', () => {
  const state = execution(SKILLS);
  expect(withTasks(state, new Map())).toBe(state);
});
