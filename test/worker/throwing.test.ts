/** A task whose code throws, and is asked meanwhile: the worker that finds that works on for all others. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { modulePath } from '../../src/module-path.ts';
import { temporaryHome, until } from '../engine/engine-rig.ts';
import { type BareTemporal, startBareTemporal } from '../oracle/bare-temporal.ts';

const { home, remove } = temporaryHome();
const throwing = { codePath: join(home, 'throws.js') };
let temporal: BareTemporal;
beforeAll(async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '..', 'fixtures', 'workflows', 'throws.ts'),
    workflowInterceptorModules: [modulePath('workflows/activations')],
    payloadConverterPath: modulePath('workflows/payload-converter'),
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  writeFileSync(throwing.codePath, code);
  temporal = await startBareTemporal(home);
});
afterAll(async () => {
  await temporal.stop();
  remove();
});

const start = async (name: string) => {
  const id = `${name}-${randomUUID().slice(0, 8)}`;
  await temporal.client.workflow.start('task', {
    workflowId: id,
    taskQueue: TASK_QUEUE,
    args: [{ spec: { kind: 'client_driven', id, title: 'A task', description: '' }, edition: EDITION }],
    memo: { edition: EDITION },
  });
  return temporal.client.workflow.getHandle(id);
};

it('a question to it, which reads it anew, does not end the worker', async () => {
  const asked = await start('asked');
  await temporal.withWorker({ cachedMax: 200 }, () => asked.query('state'));
  await temporal.withWorker({ cachedMax: 200, bundle: throwing }, async () => {
    await expect(asked.query('state')).rejects.toThrow();
    const next = await start('next');
    await until(async () => {
      const { events } = await next.fetchHistory();
      return events?.some((event) => event.workflowTaskFailedEventAttributes != null) === true;
    });
  });
});
