/**
 * A worker that has a task not in its memory and is asked for its state reads the history up to now for it, also what belongs to a
 * workflow task that has not started. What is told with that task, an update, must not come after it as news of its own.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryTask } from '../../src/client/querying.ts';
import { claimTask } from '../../src/client/task-sending.ts';
import { isUnanswered, passes } from '../../src/client/temporal-errors.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { expectTasksReplay } from '../oracle/replay.ts';
import { begin } from './story.ts';
import { openWorld, type World } from './world.ts';

/** Of twenty about ten meet a worker that is asked first. */
const TASKS = 20;
/** For a hang. */
const TEST_MS = 60_000;

let world: World;
beforeAll(async () => {
  quietSdk();
  world = await openWorld();
});
afterAll(() => world?.close());

it.each(['kill', 'restart'] as const)(
  'replays tasks that were asked before they had read what they were told (%s)',
  {
    timeout: TEST_MS,
  },
  async (ending) => {
    const { client } = world;
    const ids = Array.from({ length: TASKS }, (_, at) => TaskId.parse(`${ending}-${at}`));
    for (const id of ids) await begin(client, { kind: 'client_driven', id, title: id, description: '' });
    for (const id of ids) await client.workflow.getHandle(id).query('state');
    const answers: Promise<unknown>[] = [];
    await world.without(ending, 200, async () => {
      for (const id of ids)
        answers.push(answered(() => queryTask(client, client.workflow.getHandle(id), 'state')));
      // They wait at the server by then, as questions of no workflow task.
      await sleep(100);
      for (const id of ids) {
        await client.workflow.getHandle(id).signal('waits', { task: `waits-for-${id}` });
        const claim = { messageId: randomUUID(), by: 'ann' };
        answers.push(answered(() => claimTask({ client }, id, claim)));
      }
    });
    await Promise.all(answers);
    expect(world.faults).toEqual([]);
    await expectTasksReplay(client, ids);
  },
);

/** The same again where nobody answers in time, which is no matter here. */
async function answered(call: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isLate = error instanceof PawlError && error.code === 'unavailable';
      if (!isLate && !isUnanswered(error) && !passes(error)) throw error;
    }
  }
}
