/** What maintenance puts away: only what was over for long and nobody needs. */
import { describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../../src/domain/rows.ts';
import { cleanable, partsOf } from '../../../../src/edge/compat/orchestrator/cleaning.ts';
import { LEVELS, type Level } from '../../../../src/edge/compat/orchestrator/levels.ts';
import { daysAgo, doneRow, NOW_MS, rowOf } from './rows.ts';

const cleaned = (all: readonly TaskRow[], level: Level = 'basic', scope: readonly TaskRow[] = all) =>
  cleanable({ scope, all, level, nowMs: NOW_MS });
const under = (parent: string) => ({ plan: { parent } });
const after = (...dependencies: string[]) => ({ plan: { dependencies } });

describe('how long a task has to be over', () => {
  it.each([
    ['basic', 30],
    ['comprehensive', 7],
    ['full_audit', 1],
  ] as const)('%s: longer than %i days', (level, days) => {
    const rows = [doneRow('long', days + 0.01), doneRow('just', days), doneRow('short', days - 0.01)];
    expect(cleaned(rows, level)).toEqual(['long']);
  });

  it.each(['completed', 'failed', 'cancelled'] as const)('counts from when it was %s', (status) => {
    expect(cleaned([doneRow('old', 31, { status })])).toEqual(['old']);
    // It was planned more than a year ago.
    expect(cleaned([doneRow('recent', 2, { status })])).toEqual([]);
  });

  it('counts from its latest change where nobody knows when it was closed', () => {
    const row = (days: number) => rowOf('odd', { status: 'completed', changedAt: daysAgo(days) });
    expect(cleaned([row(31)])).toEqual(['odd']);
    expect(cleaned([row(29)])).toEqual([]);
  });
});

describe.each(LEVELS)('at the level %s', (level) => {
  it.each(['pending', 'blocked', 'in_progress', 'awaiting_gate'] as const)(
    'keeps a task that is %s, its parts and what it waits for',
    (status) => {
      const rows = [
        rowOf('open', { status, plan: { dependencies: ['needed'] }, changedAt: daysAgo(300) }),
        doneRow('part', 300, under('open')),
        doneRow('deeper', 300, under('part')),
        doneRow('needed', 300),
        doneRow('other', 300),
      ];
      expect(cleaned(rows, level)).toEqual(['other']);
    },
  );
});

it.each<[string, TaskRow[], string[]]>([
  ['nothing', [], []],
  ['a whole with its parts', [doneRow('a', 40), doneRow('b', 50, under('a'))], ['a', 'b']],
  ['no whole with an open part', [doneRow('a', 40), rowOf('b', under('a'))], []],
  ['no part of a whole that is over since yesterday', [doneRow('a', 1), doneRow('b', 50, under('a'))], []],
  ['no whole of which a part is over since yesterday', [doneRow('a', 50), doneRow('b', 1, under('a'))], []],
  [
    'no part beside an open one',
    [doneRow('a', 50), rowOf('b', under('a')), doneRow('c', 50, under('a'))],
    [],
  ],
  ['a part whose whole was removed', [doneRow('b', 50, under('gone'))], ['b']],
  [
    'a part whose whole was put away lately',
    [doneRow('a', 2, { archivedAt: daysAgo(1) }), doneRow('b', 50, under('a'))],
    ['b'],
  ],
  ['not again what was put away', [doneRow('a', 50, { archivedAt: daysAgo(3) })], []],
  ['what waited for it and is over too', [doneRow('a', 50), doneRow('b', 40, after('a'))], ['a', 'b']],
  [
    'before what waited for it and is over since yesterday',
    [doneRow('a', 50), doneRow('b', 1, after('a'))],
    ['a'],
  ],
  [
    'no whole of which something open waits for a part',
    [doneRow('a', 50), doneRow('b', 50, under('a')), rowOf('c', after('b'))],
    [],
  ],
  ['no work of an agent of the engine', [doneRow('a', 50, { kind: 'agent_run', status: 'failed' })], []],
  [
    'parts in a circle, which has no top',
    [doneRow('a', 50, under('b')), doneRow('b', 50, under('a'))],
    ['a', 'b'],
  ],
])('puts away %s', (_, rows, ids) => {
  expect(cleaned(rows)).toEqual(ids);
});

it('puts away only what is in its scope, and looks at all for who needs it', () => {
  const [mine, needed, theirs] = [doneRow('mine', 50), doneRow('needed', 50), rowOf('open', after('needed'))];
  const others = doneRow('others', 50);
  expect(cleaned([mine, needed, theirs, others], 'basic', [mine, needed])).toEqual(['mine']);
});

it('knows the parts of a task, and theirs', () => {
  const rows = [
    rowOf('a'),
    rowOf('b', under('a')),
    rowOf('c', under('b')),
    rowOf('d'),
    rowOf('e', under('a')),
  ];
  const ids = (id: string) => partsOf(rows, id).map((row) => row.id);
  expect(ids('a')).toEqual(['a', 'b', 'e', 'c']);
  expect(ids('d')).toEqual(['d']);
  expect(ids('nobody')).toEqual([]);
});
