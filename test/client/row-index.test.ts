/** The index of tasks: what was put is never undone by a read that lags, and what visibility learns later arrives. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/events.ts';
import { TaskRow } from '../../src/domain/rows.ts';
import { indexOf } from './live.ts';

const row = (id: string, status = 'pending'): TaskRow =>
  TaskRow.parse({ id, title: id, status, kind: 'client_driven', startedAt: '2026-01-02T03:04:05.000Z' });

/** A visibility whose answer a test changes, and a clock. */
function world(isTold: boolean) {
  const seen = {
    rows: [row('a')],
    loads: 0,
    looks: 0,
    now: 0,
    isTold,
    changes: [] as Change[],
    moved: [] as string[],
  };
  const load = async () => {
    seen.loads += 1;
    return [...seen.rows];
  };
  const index = indexOf(load, {
    tellers: { isComplete: () => seen.isTold, upToNow: async () => seen.isTold },
    now: () => seen.now,
    loadOne: async (id) => seen.rows.find((one) => one.id === id),
    loadSince: async () => {
      seen.looks += 1;
      return [...seen.rows];
    },
    onChange: (change) => seen.changes.push(change),
    onMovedElsewhere: (id) => seen.moved.push(id),
  });
  const read = async () => (await index.rows()).map(({ id, status }) => `${id} ${status}`).sort();
  return { seen, index, read };
}

describe('told of every change', () => {
  it('reads visibility once it has settled, and not again', async () => {
    const { seen, read } = world(true);
    seen.now = 30_000;
    expect(await read()).toEqual(['a pending']);
    seen.rows = [row('a', 'completed')];
    seen.now = 39_000;
    expect(await read()).toEqual(['a pending']);
    expect(seen).toMatchObject({ loads: 1, looks: 0 });
  });

  it('finds what ended past the worker once the health interval is over, and tells of it', async () => {
    const { seen, index, read } = world(true);
    seen.now = 30_000;
    index.put(row('told'));
    await read();
    seen.rows = [row('a', 'cancelled'), row('told'), row('born')];
    index.drop('gone');
    seen.rows.push(row('gone', 'cancelled'));
    seen.now = 40_000;
    expect(await read()).toEqual(['a cancelled', 'born pending', 'told pending']);
    expect(seen.moved).toEqual(['a', 'born']);
    expect(seen.changes.map((change) => (change.type === 'row' ? change.row.id : change.type))).toEqual([
      'told',
      'a',
      'born',
    ]);
    await read();
    expect(seen).toMatchObject({ loads: 1, looks: 1 });
  });

  it('takes the word of Temporal for one task, because a list may still have the run before', async () => {
    const seen = { now: 30_000, rows: [row('again', 'failed')] };
    const index = indexOf(async () => seen.rows, {
      now: () => seen.now,
      loadOne: async () => row('again', 'in_progress'),
    });
    await index.rows();
    index.put(row('again', 'in_progress'));
    seen.now = 40_000;
    expect(await index.current('again')).toMatchObject({ status: 'in_progress' });
  });

  it('finds within its first seconds what ended past the worker after it was told', async () => {
    const { seen, index, read } = world(true);
    index.put(row('a'));
    await read();
    seen.rows = [row('a', 'cancelled')];
    seen.now = 21_000;
    await read();
    await expect.poll(read).toEqual(['a cancelled']);
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

describe('once something may have happened that was not told', () => {
  it('reads visibility anew before the next answer, and tells what is otherwise', async () => {
    const { seen, index, read } = world(true);
    index.put(row('told'));
    await read();
    seen.now = 60_000;
    seen.changes = [];
    seen.rows = [row('a', 'completed'), row('told', 'failed')];
    index.renew();
    expect(await read()).toEqual(['a completed', 'told failed']);
    expect(seen.changes.map((change) => (change.type === 'row' ? change.row.id : change.type))).toEqual([
      'a',
      'told',
    ]);
    expect(seen).toMatchObject({ loads: 2, looks: 0 });
  });

  it('does not take what it was reading by then', async () => {
    const seen = { rows: [row('a')], isHeld: true };
    const held = Promise.withResolvers<void>();
    const index = indexOf(async () => {
      const rows = [...seen.rows];
      if (seen.isHeld) await held.promise;
      return rows;
    });
    const reading = index.rows();
    await Promise.resolve();
    index.renew();
    seen.rows = [row('a', 'completed')];
    seen.isHeld = false;
    held.resolve();
    expect(await reading).toEqual([row('a', 'completed')]);
  });

  it('knows a row again only once all is told', async () => {
    const { seen, index } = world(true);
    index.put(row('a', 'in_progress'));
    seen.isTold = false;
    expect([index.get('a'), await index.current('a')]).toEqual([undefined, undefined]);
    seen.isTold = true;
    index.renew();
    expect(await index.current('a')).toMatchObject({ status: 'pending' });
  });
});

it('tells who asks that visibility cannot be read, and reads it the next time', async () => {
  let fails = true;
  const index = indexOf(
    async () => {
      if (fails) throw new Error('away');
      return [row('a')];
    },
    { now: () => 30_000 },
  );
  await expect(index.rows()).rejects.toThrow('away');
  fails = false;
  expect(await index.rows()).toHaveLength(1);
});
