/**
 * Random lives of tasks, of which each worker knows only a part: whatever they are told, and however often who works on
 * them forgets, is killed or is away, each is what a model of it is, and its history can be read anew. `npm run test:kills`
 * lives 500 of them.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryTask } from '../../src/client/querying.ts';
import { sendMessage } from '../../src/client/task-sending.ts';
import { TaskId } from '../../src/domain/ids.ts';
import { PawlStatus } from '../../src/workflows/search-attributes.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { expectAllReplay, expectTasksReplay } from '../oracle/replay.ts';
import { sequences } from './steps.ts';
import { begin, createStory } from './story.ts';
import { openWorld, type World } from './world.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const COUNT = ALL ? 500 : 20;
/** They share a worker, so that what happens to it happens to all of them. */
const AT_ONCE = 12;
/** For a hang. */
const TEST_MS = ALL ? 45 * 60_000 : 5 * 60_000;
const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`sequences with seed ${seed}; PAWL_SEED=${seed} does them again`);

let world: World | undefined;
beforeAll(async () => {
  quietSdk();
  world = await openWorld();
});
afterAll(() => world?.close());

it(`is what its model is, through ${COUNT} random sequences`, { timeout: TEST_MS }, async () => {
  const lived = world ?? expect.fail('there is no world');
  const stories = fc
    .sample(sequences, { seed, numRuns: COUNT })
    .map((sequence, at) => createStory(lived, `sequence-${at}`, sequence));
  const left = [...stories];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      await story.run().catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  });
  // Where one fails, the others end with their calls answered.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  await lived.without('restart', 2);
  for (const story of stories) await story.check();
  expect(lived.faults).toEqual([]);
  // Of all that may happen, what is least likely.
  const { count } = await lived.client.workflow.count(`ExecutionStatus = 'ContinuedAsNew'`);
  expect(count).toBeGreaterThan(0);
  await expectAllReplay(lived.client);
});

it('does not hand over to another run because of an update that it refuses', async () => {
  const { client } = world ?? expect.fail('there is no world');
  const id = TaskId.parse('refuses');
  // To begin makes five events, and an update more.
  await begin(client, { kind: 'client_driven', id, title: 'Refuses', description: '' }, 5);
  await client.workflow.getHandle(id).query('state');
  const refused = sendMessage({ client }, id, 'complete', { summary: 'done', attemptToken: 'of no claim' });
  await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  const { count } = await client.workflow.count(
    `WorkflowId = '${id}' AND ExecutionStatus = 'ContinuedAsNew'`,
  );
  expect(count).toBe(0);
  await expectTasksReplay(client, [id]);
});

it('ends as any other that is cancelled, though its history is full by then', async () => {
  const lived = world ?? expect.fail('there is no world');
  const id = TaskId.parse('full');
  const handle = lived.client.workflow.getHandle(id);
  await lived.without('restart', 200, async () => {
    // To begin makes three events, so it would hand over at once.
    await begin(lived.client, { kind: 'client_driven', id, title: 'Full', description: '' }, 2);
    await handle.signal('waits', { task: 'waits-for-full' });
    await handle.cancel();
  });
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await queryTask(lived.client, handle, 'state')).toMatchObject({ status: 'cancelled' });
  expect((await handle.describe()).typedSearchAttributes.get(PawlStatus)).toBe('cancelled');
  const { events } = await handle.fetchHistory();
  const told = events?.map(
    (event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId,
  );
  expect(told).toContain('waits-for-full');
  await expectTasksReplay(lived.client, [id]);
});
