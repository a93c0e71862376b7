/** A Temporal of its own, which itself counts what it is asked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { findTemporal } from '../../scripts/setup/programs.mjs';
import { freePort } from '../../src/engine/tcp-ports.ts';

/** Of these nothing moves a workflow, and no worker polls by them. */
const READS = [
  'QueryWorkflow',
  'DescribeWorkflowExecution',
  'ListWorkflowExecutions',
  'CountWorkflowExecutions',
  'GetWorkflowExecutionHistory',
  'PollWorkflowExecutionHistory',
] as const;
export type Reads = Readonly<Record<(typeof READS)[number], number>>;

/** It adds up each second. */
const COUNTED_WITHIN_MS = 1_500;

export interface CountedTemporal {
  readonly address: string;
  /** So often each was asked since the server began. */
  reads(): Promise<Reads>;
  stop(): Promise<void>;
}

export async function startCountedTemporal(): Promise<CountedTemporal> {
  const program = findTemporal()?.path;
  if (program === undefined) throw new Error('no temporal program: run `npm test`, which provides one');
  const port = await freePort([]);
  const metricsPort = await freePort([]);
  const ports = ['--port', String(port), '--metrics-port', String(metricsPort), '--headless'];
  const server = spawn(
    program,
    ['server', 'start-dev', '--ip', '127.0.0.1', ...ports, '--log-level', 'never'],
    { stdio: 'ignore' },
  );
  const address = `127.0.0.1:${port}`;
  await untilAnswers(address);
  return {
    address,
    async reads() {
      await sleep(COUNTED_WITHIN_MS);
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const count = (operation: string) =>
        [...text.matchAll(/^service_requests\{(.*)\} (\S+)$/gm)]
          .filter(
            ([, labels = '']) =>
              labels.includes(`operation="${operation}"`) &&
              labels.includes('service_name="frontend"') &&
              labels.includes('namespace="default"'),
          )
          .reduce((sum, [, , value]) => sum + Number(value), 0);
      return Object.fromEntries(READS.map((name) => [name, count(name)])) as Reads; // of all of its keys
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilAnswers(address: string): Promise<void> {
  for (;;) {
    try {
      const connection = await Connection.connect({ address });
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return await connection.close();
    } catch {
      await sleep(50);
    }
  }
}
