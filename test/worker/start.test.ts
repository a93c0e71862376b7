/** What a worker's start does in which order: its thread first, then what was lost, then polls; and none of it is left where it fails. */
import { existsSync, writeFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { placesIn } from '../../src/config.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { startEngine } from '../../src/server.ts';
import type { WorkerOptions } from '../../src/worker/running-worker.ts';
import { createWorker } from '../../src/worker.ts';
import { configOf, startOptions, temporaryHome } from '../engine/engine-rig.ts';
import { expectNothingLeft } from '../engine/nothing-left.ts';
import { quietSdk } from '../oracle/quiet-sdk.ts';

quietSdk();

const startTask = (client: Client, id: string) =>
  client.workflow.start('task', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args: [{ spec: { kind: 'client_driven', id, title: 'A task', description: '' }, edition: EDITION }],
    memo: { edition: EDITION },
  });

it('begins with its thread, settles what was lost beside it, and polls for nothing before', async () => {
  const { home, remove } = temporaryHome();
  const looked = () => existsSync(placesIn(home).journal);
  const seen: unknown[] = [];
  const worker = async (options: WorkerOptions) => {
    const handle = await startTask(options.client, 'waits');
    process.once('worker', () => seen.push(['thread', looked()]));
    const made = await createWorker(options);
    const { events = [] } = await handle.fetchHistory();
    seen.push(['made', looked(), events?.length]);
    return made;
  };
  const engine = await startEngine(configOf(home), startOptions({ worker }));
  expect(seen).toEqual([
    ['thread', false],
    // Its start, and a workflow task that waits.
    ['made', true, 2],
  ]);
  await engine.stop();
  remove();
});

it('that cannot settle what was lost ends the half that was made, and with it the connection', async () => {
  const { home, remove } = temporaryHome();
  writeFileSync(placesIn(home).journal, 'no folder');
  let given: WorkerOptions | undefined;
  const worker = (options: WorkerOptions) => {
    given = options;
    return createWorker(options);
  };
  await expect(startEngine(configOf(home), startOptions({ worker }))).rejects.toThrow('EEXIST');
  // Which a worker that is not ended holds open.
  await expect(given?.connection.close()).rejects.toThrow('Client already closed');
  expectNothingLeft(home);
  remove();
});
