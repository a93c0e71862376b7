/**
 * What the space of its checks costs a task: it is made beside the agent, so the step that checks should take no longer for a
 * set-up that is shorter than the agent's work.
 */
import { join } from 'node:path';
import { TaskId } from '../src/domain/ids.ts';
import type { Bench } from './engine.ts';
import { type Figure, median } from './figures.ts';
import { checksMsOf, mergeOne } from './merged.ts';
import { makeRepository } from './repository.ts';
import { stepsOf } from './steps.ts';

export interface CheckCounts {
  readonly runs: number;
  readonly agentSeconds: number;
  readonly setupSeconds: number;
}

/** @param folder where the repository is made that the agent works on */
export async function measureChecks(bench: Bench, folder: string, counts: CheckCounts): Promise<Figure[]> {
  const { runs, agentSeconds, setupSeconds } = counts;
  const repository = await makeRepository(join(folder, 'checked'));
  const took: Record<'without' | 'with', number[]> = { without: [], with: [] };
  // In turn, so that a machine that becomes slower does so for both.
  for (let run = 0; run <= runs; run += 1) {
    for (const kind of ['without', 'with'] as const) {
      const id = TaskId.parse(`checked-${kind}-${run}`);
      const command = ['sh', '-c', `sleep ${agentSeconds}; echo changed > ${id}.txt`];
      const setup = kind === 'with' ? ['sleep', String(setupSeconds)] : undefined;
      const { state } = await mergeOne(bench, { id, repository, command, setup });
      const step = (await stepsOf(bench.client, id)).get('runChecks') ?? Number.NaN;
      // The first makes the engine's mirror of the repository.
      if (run > 0) took[kind].push(step - checksMsOf(state));
    }
  }
  const group = `the step that checks, without its check, after an agent of ${agentSeconds} s`;
  const [without, with_] = [median(took.without), median(took.with)];
  return [
    { group, name: 'without set-up', value: without, unit: 'ms' },
    {
      group,
      name: `with a set-up of ${setupSeconds} s`,
      value: with_,
      unit: 'ms',
      aim: 'as without, and its files',
    },
  ];
}
