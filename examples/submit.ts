/**
 * Gives Pawl work from a program. Start the engine first (`pawl up -d`), then:
 *
 *   node examples/submit.ts /path/to/repository "Fix the failing test" "npm test"
 *
 * Without arguments it shows a task that this program works on itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Pawl, PawlError } from '../src/client.ts';

async function submitRequirement(
  pawl: Pawl,
  repository: string,
  requirement: string,
  check: string,
): Promise<void> {
  // The id makes the start idempotent: the same program started twice finds its task.
  const { id } = await pawl.run({
    id: 'example-requirement',
    requirement,
    repository,
    agent: { name: 'command' },
    checks: [{ name: check, run: check.split(' ') }],
  });
  for await (const state of pawl.follow(id)) {
    console.log(`${state.status} ${state.step ?? ''}`);
    if (state.status === 'awaiting_gate') {
      console.log(`a person decides now: pawl diff ${id}, then pawl approve ${id}`);
      return;
    }
  }
}

async function workOnTask(pawl: Pawl): Promise<void> {
  const { id } = await pawl.create({ id: `example-${Date.now()}`, title: 'Count to three' });
  await pawl.update({ id, status: 'in_progress' });
  for (const number of [1, 2, 3]) {
    await sleep(200);
    await pawl.update({ id, progress: number / 3, note: `counted ${number}` });
  }
  const { status } = await pawl.complete({ id, summary: 'Counted to three' });
  console.log(`task ${id} is ${status}: pawl show ${id}`);
}

const [repository, requirement, check = 'npm test'] = process.argv.slice(2);
try {
  const pawl = await connect();
  try {
    if (repository === undefined || requirement === undefined) await workOnTask(pawl);
    else await submitRequirement(pawl, repository, requirement, check);
  } finally {
    await pawl.close();
  }
} catch (error) {
  // What Pawl answers is one line with what to do next.
  console.error(error instanceof PawlError ? error.message : error);
  process.exitCode = 1;
}
