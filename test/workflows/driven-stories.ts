/** What happens to executions whose agents and commands the engine runs, and to the tasks that do their skills. */
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { approval, phase } from '../domain/executions/written-loops.ts';
import { begun } from './execution-stories.ts';
import type { Story, World } from './story-world.ts';

const node = (script: string) => ['node', '-e', script];
const WRITES = node("require('node:fs').writeFileSync('done.txt', 'done')");
const READS = {
  run: node('console.log(JSON.stringify({ n: 1 }))'),
  writes: 'none',
  returns: { n: 'number' },
};
const BUILDS = { id: 'build', run: WRITES, repeat: { most: 2, until: { checks: ['there'] } } };
const SHIPS = phase('ship', [{ id: 'ship', deliver: 'pull_request' }]);

const drive = (world: World, name: string, phases: readonly object[]) =>
  begun(world, name, phases, { driver: 'engine' });

const taskOf = ({ phases }: ExecutionState, id: string): string | undefined =>
  phases.flatMap(({ skills }) => skills).find((one) => one.id === id)?.task;

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

export const DRIVEN: Readonly<Record<string, Story>> = {
  async 'execution-driven'(world, name) {
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
  },
  async 'execution-driven-blocked'(world, name) {
    const it = await drive(world, name, [phase('p', [{ id: 'a', run: node('process.exit(1)') }])]);
    await it.until(({ status }) => status === 'blocked');
    await it.steer({ act: 'retry', skill: 'a' });
    await it.until(({ status }) => status === 'blocked');
    await it.steer({ act: 'abort' });
    return it.id;
  },
  'skill-task-merged': task('build', [phase('p', [BUILDS])]),
  'skill-task-discarded': task('read', [phase('p', [{ id: 'read', ...READS }])]),
  async 'skill-task-delivered'(world, name) {
    return shipped(world, await drive(world, name, [phase('p', [BUILDS]), SHIPS]));
  },
};
