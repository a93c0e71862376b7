/** What a task costs Temporal to keep: events and bytes of its history. The same on every machine. */
import type { Bench } from './engine.ts';
import type { Figure } from './figures.ts';

/** A client-driven task from start over update to complete. */
export async function measureLifecycleHistory(bench: Bench): Promise<Figure[]> {
  const { engine } = bench;
  const id = 'history';
  await engine.create({ id, title: 'Leave a history' });
  await engine.update({ id, status: 'in_progress', note: 'at it' });
  await engine.complete({ id, summary: 'done' });
  return historyFigures(bench, id, 'a client-driven task', { events: '≤ 18' });
}

/** The history of a closed task, or of one about to be. */
export async function historyFigures(
  { client }: Bench,
  id: string,
  group: string,
  aims: { readonly events: string; readonly bytes?: string },
): Promise<Figure[]> {
  const handle = client.workflow.getHandle(id);
  await handle.result();
  const { historyLength, historySize } = await handle.describe();
  const { events, bytes } = aims;
  return [
    { group: `history of ${group}`, name: 'events', value: historyLength, unit: 'events', aim: events },
    {
      group: `history of ${group}`,
      name: 'bytes',
      value: historySize ?? null,
      unit: 'bytes',
      ...(bytes === undefined ? {} : { aim: bytes }),
    },
  ];
}
