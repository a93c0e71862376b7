/** Calls over MCP stdio with idempotency keys, against the same messages to a bare SDK workflow on the same server. */
import { randomUUID } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { createClient } from '../src/client/temporal-client.ts';
import type { Endpoints } from '../src/engine/endpoints.ts';
import { withBareWorkflows } from './contenders.ts';
import { quietSdk } from './engine.ts';
import { type Figure, median } from './figures.ts';
import type { Adapter } from './mcp-client.ts';

const MESSAGES = ['start', 'update', 'complete'] as const;
const NAMES = { start: 'plan', update: 'update', complete: 'complete' } as const;

/** They take turns, so that what else the machine does hits both. */
export async function measureAgainstSdk(
  { call }: Adapter,
  { temporal, namespace }: Endpoints,
  count: number,
): Promise<Figure[]> {
  quietSdk();
  const connection = await NativeConnection.connect({ address: temporal });
  try {
    const client = createClient(connection, namespace);
    return await withBareWorkflows({ connection, client, namespace }, async (bare) => {
      const times = { mcp: emptyTimes(), sdk: emptyTimes() };
      const timed = async <T>(into: number[], act: () => Promise<T>): Promise<T> => {
        const startedMs = performance.now();
        const answer = await act();
        into.push(performance.now() - startedMs);
        return answer;
      };
      // The first of each fills caches and compiles code.
      for (let number = -WARM_UP; number < count; number += 1) {
        if (number === 0) Object.assign(times, { mcp: emptyTimes(), sdk: emptyTimes() });
        const words = { title: `Against the SDK ${number}`, description: 'Plan it, work on it, report it' };
        const plan = { ...words, idempotency_key: randomUUID() };
        const planned = await timed(times.mcp.start, () => call('orchestrator_plan_task', plan));
        const task = () => ({ task_id: planned.task_id, idempotency_key: randomUUID() });
        const begun = { ...task(), status: 'in_progress' };
        await timed(times.mcp.update, () => call('orchestrator_update_task', begun));
        const done = { ...task(), summary: 'measured', detailed_work: '', next_action: 'complete' };
        await timed(times.mcp.complete, () => call('orchestrator_complete_task', done));
        const id = `bare-${number}`;
        for (const message of MESSAGES) await timed(times.sdk[message], () => bare[message](id));
      }
      const group = 'over MCP stdio with keys, against a bare SDK workflow';
      return MESSAGES.flatMap((message): Figure[] => {
        const [mcp, sdk] = [median(times.mcp[message]), median(times.sdk[message])];
        const name = NAMES[message];
        return [
          { group, name: `${name} p50`, value: mcp, unit: 'ms' },
          { group, name: `bare ${message} p50`, value: sdk, unit: 'ms' },
          { group, name: `${name} beyond it`, value: mcp - sdk, unit: 'ms', aim: '≤ 5' },
        ];
      });
    });
  } finally {
    await connection.close();
  }
}

const WARM_UP = 20;
const emptyTimes = (): Record<(typeof MESSAGES)[number], number[]> => ({
  start: [],
  update: [],
  complete: [],
});
