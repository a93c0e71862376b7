/** What happens to executions whose agents and commands the engine runs, and to the tasks that do their skills. */
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { skillsIn } from '../../src/domain/executions/state-parts.ts';
import { approval, phase } from '../domain/executions/written-loops.ts';
import { begun } from './execution-stories.ts';
import type { Story, World } from './story-world.ts';

const node = (script: string) => ['node', '-e', script];
const WRITES = node("require('node:fs').writeFileSync('done.txt', 'done')");
/** Each item a file of its own, named after the skill as well. */
const ADDS = node(
  "const { PAWL_TASK: task, PAWL_IN_ITEM: item } = process.env; require('node:fs').writeFileSync(task + item + '.txt', item)",
);
const READS = {
  run: node('console.log(JSON.stringify({ n: 1 }))'),
  writes: 'none',
  returns: { n: 'number' },
};
const BUILDS = { id: 'build', run: WRITES, repeat: { most: 2, until: { checks: ['there'] } } };
const SHIPS = phase('ship', [{ id: 'ship', deliver: 'pull_request' }]);

const drive = (world: World, name: string, phases: readonly object[]) =>
  begun(world, name, phases, { driver: 'engine' });

const skillIn = (state: ExecutionState, id: string) => skillsIn(state).find((one) => one.id === id);
const taskOf = (state: ExecutionState, id: string): string | undefined => skillIn(state, id)?.task;

/** Once it waits for a person. */
async function shipped(world: World, it: Awaited<ReturnType<typeof drive>>): Promise<string> {
  await it.until((state) => taskOf(state, 'ship') !== undefined);
  const id = taskOf(await world.pawl.execution({ id: it.id }), 'ship') ?? '';
  while ((await world.pawl.show({ id })).status !== 'awaiting_gate')
    await new Promise((resolve) => setTimeout(resolve, 50));
  await world.pawl.approve({ id });
  await it.until(({ status }) => status === 'completed');
  return id;
}

const task =
  (skill: string, phases: readonly object[]): Story =>
  async (world, name) => {
    const it = await drive(world, name, phases);
    await it.until(({ status }) => status === 'completed');
    return taskOf(await world.pawl.execution({ id: it.id }), skill) ?? '';
  };

/** Of two skills the first is left out while its task is at work. */
async function leftOut(world: World, name: string): Promise<{ readonly id: string; readonly task: string }> {
  const it = await drive(world, name, [
    phase('p', [{ id: 'a', run: node('setTimeout(() => undefined, 600_000)') }, BUILDS]),
  ]);
  const taskIn = (state: ExecutionState) => taskOf(state, 'a');
  await it.until((state) => taskIn(state) !== undefined);
  const task = taskIn(await world.pawl.execution({ id: it.id })) ?? '';
  while ((await world.pawl.show({ id: task })).attempts.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await it.done('a', { outcome: 'skipped', summary: 'not needed' });
  await it.until(({ status }) => status === 'completed');
  return { id: it.id, task };
}

/** Its delivery is rejected, and approved once it was retried. */
async function mended(world: World, name: string): Promise<{ readonly id: string; readonly task: string }> {
  const it = await drive(world, name, [phase('p', [BUILDS]), SHIPS]);
  await it.until((state) => taskOf(state, 'ship') !== undefined);
  const id = taskOf(await world.pawl.execution({ id: it.id }), 'ship') ?? '';
  const asks = async (gate: string) => {
    while (!(await world.pawl.show({ id })).gates.some((one) => one.gate === gate && one.status === 'open'))
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await asks('approval');
  await world.pawl.reject({ id, reason: 'not so' });
  await asks('escalation');
  await world.pawl.retry({ id });
  await it.until((state) => ![undefined, id].includes(taskOf(state, 'ship')));
  await shipped(world, it);
  return { id: it.id, task: id };
}

/** In three phases, of which one is done for each of a list, and the last delivers. */
const driven: Story = async (world, name) => {
  const each = { in: ['x', 'y'], as: 'item', at_most: 2 };
  const it = await drive(world, name, [
    phase('p', [{ id: 'read', ...READS }], [approval('g', { when: 'read.n == 1' })]),
    phase('q', [BUILDS, { id: 'look', ...READS, for_each: each }]),
    SHIPS,
  ]);
  await it.until(({ phases }) => phases[0]?.gates[0]?.status === 'open');
  await it.decide('g', 'approve');
  await shipped(world, it);
  return it.id;
};

export const DRIVEN: Readonly<Record<string, Story>> = {
  'execution-driven': driven,
  /** By the rules of the fifth edition: its branch is opened with the spec of a task. */
  'fifth-edition-driven': driven,
  async 'execution-driven-blocked'(world, name) {
    const it = await drive(world, name, [phase('p', [{ id: 'a', run: node('process.exit(1)') }])]);
    await it.until(({ status }) => status === 'blocked');
    await it.steer({ act: 'retry', skill: 'a' });
    await it.until(({ status }) => status === 'blocked');
    await it.steer({ act: 'abort' });
    return it.id;
  },
  async 'execution-driven-items'(world, name) {
    const skill = (id: string, join: string) => ({
      ...{ id, run: ADDS, for_each: { in: ['one', 'two'], as: 'item', at_most: 2, join } },
    });
    const it = await drive(world, name, [
      phase('p', [skill('all', 'all_completed')]),
      phase('q', [skill('best', 'pick')]),
    ]);
    await it.until((state) => skillIn(state, 'best')?.isToPick === true);
    await it.steer({ act: 'pick', skill: 'best', item: 'two' });
    await it.until(({ status }) => status === 'completed');
    return it.id;
  },
  async 'skill-task-kept'(world, name) {
    const best = { id: 'best', run: ADDS, for_each: { in: ['one'], as: 'item', join: 'pick' } };
    const it = await drive(world, name, [phase('p', [best])]);
    await it.until((state) => skillIn(state, 'best')?.isToPick === true);
    const made = skillIn(await world.pawl.execution({ id: it.id }), 'best')?.items?.[0]?.task ?? '';
    await it.steer({ act: 'pick', skill: 'best', item: 'one' });
    await it.until(({ status }) => status === 'completed');
    return made;
  },
  /** It hears what the task of a skill that is left out has spent. */
  'execution-driven-left-out': async (world, name) => (await leftOut(world, name)).id,
  'skill-task-cancelled': async (world, name) => (await leftOut(world, name)).task,
  /** No agent mends it: people are asked, and it is delivered anew. */
  'skill-task-mended': async (world, name) => (await mended(world, name)).task,
  'execution-delivered-anew': async (world, name) => (await mended(world, name)).id,
  'skill-task-merged': task('build', [phase('p', [BUILDS])]),
  'skill-task-discarded': task('read', [phase('p', [{ id: 'read', ...READS }])]),
  async 'skill-task-delivered'(world, name) {
    return shipped(world, await drive(world, name, [phase('p', [BUILDS]), SHIPS]));
  },
};
