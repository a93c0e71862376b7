/** Finding tasks: pages, what was put away, and parts. */
import { beforeEach, expect, it } from 'vitest';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
});
const query = (input: Record<string, unknown>) => rig.ok('query_tasks', input);
const ids = ({ tasks }: { tasks: { id: string }[] }) => tasks.map(({ id }) => id);

it('pages through what is open and what was put away as through one list', async () => {
  const all = Array.from({ length: 1_100 }, (_, at) => rig.plan(`task-${at}`)).reverse();
  for (const id of all.filter((_, at) => at % 3 === 0)) {
    await rig.ok('update_task', { task_id: id, status: 'cancelled' });
    await rig.ok('update_task', { task_id: id, status: 'archived' });
  }
  const found = [];
  for (let offset = 0; offset < 1_100; offset += 500) {
    const page = await query({ status: ['pending', 'archived'], limit: 500, offset });
    expect(page).toMatchObject({ total_count: 1_100, has_more: offset < 1_000 });
    found.push(...ids(page));
  }
  expect(found).toEqual(all);
  expect(ids(await query({ status: ['pending', 'archived'], offset: 1_000 }))).toEqual(all.slice(1_000));
  expect(await query({ status: ['blocked', 'archived'] })).toMatchObject({ total_count: 367 });
});
