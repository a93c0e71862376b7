/** One skill that the engine does for each of a long list: a task an item, a few of them side by side. */
import type { ExecutionGround } from './executions.ts';
import type { Figure } from './figures.ts';

export async function measureForEach({ client, begin }: ExecutionGround, items: number): Promise<Figure[]> {
  const id = 'x_list';
  const startedMs = performance.now();
  await begin(id, 'list');
  const handle = client.workflow.getHandle(id);
  await handle.result();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { historyLength, historySize } = await handle.describe();
  const group = `a loop of ${items} items of a for_each`;
  return [
    { group, name: 'from start to end', value: seconds, unit: 's' },
    { group, name: 'for each item', value: (seconds * 1_000) / items, unit: 'ms' },
    { group, name: 'events of its history', value: historyLength, unit: 'events' },
    { group, name: 'bytes of its history', value: historySize ?? null, unit: 'bytes' },
  ];
}
