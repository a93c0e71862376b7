/**
 * Who races: a client-driven task of Pawl, and bare SDK workflows with the same messages, start options and worker
 * settings on the same connection.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { TypedSearchAttributes } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { readConfig } from '../src/config.ts';
import { TaskId } from '../src/domain/ids.ts';
import { modulePath } from '../src/module-path.ts';
import { taskWorkerOptions } from '../src/worker/task-worker.ts';
import { PawlKind, PawlStatus, PawlTitle } from '../src/workflows/search-attributes.ts';
import type * as workflows from './bare-workflow.ts';
import type { Bench } from './engine.ts';

/** One kind of work as a client does it. */
export interface Contender {
  readonly name: 'Pawl' | keyof typeof workflows;
  start(id: string): Promise<unknown>;
  update(id: string): Promise<unknown>;
  query(id: string): Promise<unknown>;
  complete(id: string): Promise<unknown>;
}

const TITLE = 'Measure a lifecycle';
const AT_WORK = { status: 'in_progress', note: 'at it', progress: 0.5 } as const;
const DONE = { summary: 'measured' } as const;

/** As every edge calls it: the input checked by the operation's schema first. */
export const pawlTasks = ({ engine }: Bench): Contender => ({
  name: 'Pawl',
  start: (id) => engine.create({ id, title: TITLE }),
  update: (id) => engine.update({ id, ...AT_WORK }),
  query: (id) => engine.show({ id: TaskId.parse(id) }),
  complete: (id) => engine.complete({ id, ...DONE }),
});

const BARE_QUEUE = 'bare';

/** Runs a worker for the bare workflows while `work` goes on. */
export async function withBareWorkflows<T>(
  bench: Pick<Bench, 'client' | 'connection' | 'namespace'>,
  work: (bare: Contender, listed: Contender, upserting: Contender) => Promise<T>,
): Promise<T> {
  const { connection, namespace } = bench;
  const worker = await Worker.create({
    ...taskWorkerOptions(readConfig({}).workflowsCachedMax),
    connection,
    namespace,
    taskQueue: BARE_QUEUE,
    workflowsPath: join(import.meta.dirname, 'bare-workflow.ts'),
    dataConverter: { payloadConverterPath: modulePath('workflows/payload-converter') },
  });
  const of = (name: keyof typeof workflows) => workflowOf(name, bench);
  return worker.runUntil(() => work(of('bare'), of('listed'), of('upserting')));
}

function workflowOf(
  name: keyof typeof workflows,
  { client: { workflow } }: Pick<Bench, 'client'>,
): Contender {
  const send = (id: string, message: string, body: Readonly<Record<string, unknown>>) =>
    workflow.getHandle(id).executeUpdate<unknown, [unknown]>(message, {
      args: [{ ...body, messageId: randomUUID() }],
      updateId: randomUUID(),
    });
  return {
    name,
    start: (id) =>
      workflow.start<typeof workflows.bare>(name, {
        workflowId: id,
        taskQueue: BARE_QUEUE,
        args: [{ spec: { kind: 'client_driven', id, title: TITLE, description: '' } as { id: string } }],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        requestEagerStart: true,
        memo: { digest: `sha256:${'0'.repeat(64)}` },
        typedSearchAttributes: new TypedSearchAttributes([
          { key: PawlStatus, value: 'pending' },
          { key: PawlKind, value: 'client_driven' },
          { key: PawlTitle, value: TITLE },
        ]),
        staticSummary: TITLE,
      }),
    update: (id) => send(id, 'update', AT_WORK),
    query: (id) => workflow.getHandle(id).query('state'),
    complete: (id) => send(id, 'complete', DONE),
  };
}
