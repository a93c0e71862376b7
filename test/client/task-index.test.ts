/** The index of tasks: what was put is never undone by a read that lags, and what visibility learns later arrives. */
import { describe, expect, it } from 'vitest';
import { createTaskIndex } from '../../src/client/task-index.ts';
import { TaskRow } from '../../src/domain/rows.ts';

const row = (id: string, status = 'pending'): TaskRow =>
  TaskRow.parse({ id, title: id, status, kind: 'client_driven', startedAt: '2026-01-02T03:04:05.000Z' });

/** A visibility whose answer a test changes, and a clock. */
function world(isTold: boolean) {
  const seen = { rows: [row('a')], loads: 0, now: 0 };
  const load = async () => {
    seen.loads += 1;
    return [...seen.rows];
  };
  const index = createTaskIndex(load, isTold, () => seen.now);
  const read = async () => (await index.rows()).map(({ id, status }) => `${id} ${status}`).sort();
  return { seen, index, read };
}

describe('told of every change', () => {
  it('reads visibility once it has settled, and not again', async () => {
    const { seen, read } = world(true);
    seen.now = 30_000;
    expect(await read()).toEqual(['a pending']);
    seen.rows = [row('a', 'completed')];
    seen.now = 1e9;
    expect(await read()).toEqual(['a pending']);
    expect(seen.loads).toBe(1);
  });

  it('looks again soon after its start, because visibility lags after a kill', async () => {
    const { seen, read } = world(true);
    expect(await read()).toEqual(['a pending']);
    seen.rows = [row('a', 'completed'), row('b')];
    seen.now = 2_000;
    await read();
    await expect.poll(read).toEqual(['a completed', 'b pending']);
  });

  it('keeps what was put over what is read, and does not bring back what was dropped', async () => {
    const { seen, index, read } = world(true);
    index.put(row('a', 'completed'));
    index.put(row('new'));
    seen.rows = [row('a'), row('gone')];
    index.drop('gone');
    expect(await read()).toEqual(['a completed', 'new pending']);
    seen.now = 5_000;
    await read();
    await expect.poll(() => seen.loads).toBe(2);
    expect(await read()).toEqual(['a completed', 'new pending']);
  });
});

it('without a worker in this process it reads visibility each time that is old', async () => {
  const { seen, index, read } = world(false);
  index.put(row('made-here'));
  expect(await read()).toEqual(['a pending', 'made-here pending']);
  expect(index.get('a')).toBeUndefined();
  seen.rows = [row('a', 'completed'), row('made-here', 'in_progress')];
  expect(await read()).toEqual(['a pending', 'made-here pending']);
  seen.now = 1_500;
  expect(await read()).toEqual(['a completed', 'made-here in_progress']);
  expect(seen.loads).toBe(2);
});

it('tells who asks that visibility cannot be read, and reads it the next time', async () => {
  let fails = true;
  const index = createTaskIndex(
    async () => {
      if (fails) throw new Error('away');
      return [row('a')];
    },
    true,
    () => 30_000,
  );
  await expect(index.rows()).rejects.toThrow('away');
  fails = false;
  expect(await index.rows()).toHaveLength(1);
});
