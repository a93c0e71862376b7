/** Lists, sessions, artifacts and plans: what the client, the index and visibility decide with. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARTIFACT_TYPES, addressOf, referenceIn } from '../../src/domain/artifact-address.ts';
import { dependenciesOf, waitingForText, withEnded } from '../../src/domain/plan.ts';
import { memoOf } from '../../src/domain/row-memo.ts';
import {
  countRows,
  RowFilter,
  RowMemo,
  rowOfSpec,
  rowOfState,
  selectRows,
  TaskRow,
} from '../../src/domain/rows.ts';
import { sessionIdOf, tallySessions } from '../../src/domain/session.ts';
import { AgentRunSpec } from '../../src/domain/task-spec.ts';
import { newTask } from './tasks.ts';

const SESSION = sessionIdOf('/home/ann/shop');
const row = (id: string, more: Partial<TaskRow> = {}): TaskRow =>
  TaskRow.parse({
    id,
    title: `Do ${id}`,
    status: 'pending',
    kind: 'client_driven',
    startedAt: at(0),
    ...more,
  });
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();

describe('a list', () => {
  const ROWS = [
    row('a', {
      startedAt: at(1),
      status: 'completed',
      plan: { type: 'testing', complexity: 'simple', specialist: 'tester' },
    }),
    row('b', { startedAt: at(2), plan: { session: SESSION, parent: 'a' as never }, title: 'Zürich' }),
    row('c', { startedAt: at(3), status: 'blocked', repository: '/r', description: 'about Zürich and more' }),
    row('d', { startedAt: at(4), archivedAt: at(9), status: 'completed' }),
    row('e', { startedAt: at(4), kind: 'agent_run', status: 'awaiting_gate', gates: [{ gate: 'approval' }] }),
  ];
  it.each([
    [{}, 'ecba'],
    [{ status: ['completed', 'blocked'] }, 'ca'],
    [{ status: [] }, 'ecba'],
    [{ type: ['testing'] }, 'a'],
    [{ complexity: ['simple', 'trivial'] }, 'a'],
    [{ specialist: ['tester'] }, 'a'],
    [{ session: SESSION }, 'b'],
    [{ parent: ['a', 'b'] }, 'b'],
    [{ repository: '/r' }, 'c'],
    [{ text: 'zürich' }, 'cb'],
    [{ text: ' MORE  zürich ' }, 'c'],
    [{ text: 'Zürich'.normalize('NFD') }, 'cb'],
    [{ text: 'nothing has this' }, ''],
    [{ createdAfter: at(2) }, 'ec'],
    [{ createdBefore: at(2) }, 'a'],
    [{ createdAfter: at(1), createdBefore: at(4) }, 'cb'],
    [{ archived: true }, 'd'],
    [{ withArchived: true }, 'edcba'],
    [{ withArchived: true, status: ['pending'] }, 'db'],
    [{ withArchived: true, createdAfter: at(4) }, ''],
    [{ limit: 2 }, 'ec'],
    [{ limit: 2, offset: 3 }, 'a'],
    [{ offset: 9 }, ''],
  ])('%j selects %s', (filter, ids) => {
    const { tasks, total } = selectRows(ROWS, RowFilter.parse(filter));
    expect(tasks.map(({ id }) => id).join('')).toBe(ids);
    const { limit: _, offset: __, ...whole } = filter as { limit?: number; offset?: number };
    expect(total).toBe(selectRows(ROWS, RowFilter.parse(whole)).tasks.length);
  });

  it('has every row on exactly one of its pages, however large they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (minutes, limit) => {
          const rows = minutes.map((minute, index) => row(`t-${index}`, { startedAt: at(minute) }));
          const pages = [];
          for (let offset = 0; offset < rows.length; offset += limit)
            pages.push(...selectRows(rows, RowFilter.parse({ limit, offset })).tasks);
          expect(pages.map(({ id }) => id)).toEqual(
            selectRows(rows, RowFilter.parse({ limit: 1_000 })).tasks.map(({ id }) => id),
          );
          expect(new Set(pages.map(({ id }) => id)).size).toBe(rows.length);
        },
      ),
    );
  });

  it('counts by status and role, archived tasks left out', () => {
    const counts = countRows(ROWS, undefined);
    expect(counts).toMatchObject({
      total: 4,
      byStatus: { completed: 1, pending: 1, blocked: 1, awaiting_gate: 1, failed: 0 },
    });
    expect(counts.bySpecialist).toEqual({ tester: 1, generic: 3 });
    expect(countRows(ROWS, SESSION).total).toBe(1);
  });
});

describe('a row', () => {
  const spec = {
    kind: 'client_driven',
    id: 'planned' as never,
    title: 'Planned',
    description: 'why',
    plan: { dependencies: ['a' as never, 'b' as never] },
    done: ['a' as never],
    context: { x: 1 },
    plannedAt: at(5),
  } as const;
  const copy = { ...spec, plan: { dependencies: [...spec.plan.dependencies] }, done: [...spec.done] };
  it('of a task that was started a moment ago says what it waits for', () => {
    expect(rowOfSpec(copy, at(5))).toMatchObject({ status: 'blocked', startedAt: at(5), context: { x: 1 } });
    expect(rowOfSpec({ ...copy, done: ['a' as never, 'b' as never] }, at(5)).status).toBe('pending');
  });
  it('keeps in its memo what lists have no attributes for', () => {
    expect(memoOf(copy)).toEqual({
      title: 'Planned',
      description: 'why',
      context: { x: 1 },
      plan: copy.plan,
      plannedAt: at(5),
    });
  });
  it('says how urgent a run is, where that is not as usual', () => {
    const run = {
      ...{ kind: 'agent_run', id: 'run', title: 'Run', description: '', repository: '/r', base: 'main' },
      ...{ agent: { name: 'claude' }, policy: {}, host: 'host' },
    };
    for (const [priority, told] of [
      ['high', { priority: 'high' }],
      ['normal', {}],
      [undefined, {}],
    ] as const) {
      const made = AgentRunSpec.parse({ ...run, ...(priority !== undefined && { priority }) });
      expect(rowOfSpec(made, at(1))).toEqual({ ...rowOfSpec(AgentRunSpec.parse(run), at(1)), ...told });
      expect(RowMemo.parse(memoOf(made))).toEqual({ description: '', agent: 'claude', ...told });
    }
    expect(rowOfState(newTask({ priority: 'low' }), at(1)).priority).toBe('low');
  });
  it('of a state has its open gate, its attempt and its end', () => {
    const state = newTask({ status: 'completed', changedAt: at(7), summary: 'done', artifacts: ['x'] });
    expect(rowOfState(state, at(1))).toMatchObject({
      closedAt: at(7),
      summary: 'done',
      artifacts: ['x'],
      startedAt: at(1),
    });
    const waiting = newTask({ status: 'awaiting_gate', gates: [{ gate: 'approval', status: 'open' }] });
    expect(rowOfState(waiting, at(1))).toMatchObject({ gates: [{ gate: 'approval' }] });
    expect(rowOfState(waiting, at(1)).closedAt).toBeUndefined();
  });
});

describe('sessions', () => {
  it('have the same id for the same directory, and another one for another', () => {
    expect(sessionIdOf('/a')).toBe(sessionIdOf('/a'));
    expect(sessionIdOf('/a')).not.toBe(sessionIdOf('/b'));
    expect(sessionIdOf('/a')).toMatch(/^session-[0-9a-f]{16}$/);
  });
  it('are told with their tasks, latest activity first', () => {
    const sessions = ['/a', '/b', '/c'].map((directory) => ({
      id: sessionIdOf(directory),
      directory,
      createdAt: at(0),
    }));
    const of = (directory: string) => ({ plan: { session: sessionIdOf(directory) } });
    const rows = [
      row('one', { ...of('/b'), changedAt: at(8) }),
      row('two', { ...of('/b'), status: 'completed' }),
      row('three', { ...of('/c'), status: 'completed', startedAt: at(3) }),
      row('four'),
    ];
    expect(
      tallySessions(sessions, rows).map(({ directory, tasks, open }) => `${directory} ${open}/${tasks}`),
    ).toEqual(['/b 1/2', '/c 0/1', '/a 0/0']);
  });
});

describe('the address of an artifact', () => {
  it('tells what it was made of, whatever its name is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ARTIFACT_TYPES),
        fc.nat(),
        fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        (type, bytes, name) => {
          const reference = { digest: `sha256:${'ab'.repeat(32)}`, type, bytes, name };
          expect(referenceIn(addressOf(reference))).toEqual(reference);
        },
      ),
    );
  });
  it.each([
    'docs/notes.md',
    'https://example.org/x',
    'pawl://artifacts/',
    'pawl://artifacts/sha256:12?type=code&bytes=1',
    `pawl://artifacts/sha256:${'ab'.repeat(32)}?type=odd&bytes=1`,
    `pawl://artifacts/sha256:${'ab'.repeat(32)}?type=code&bytes=x`,
  ])('%s is no address of ours', (text) => expect(referenceIn(text)).toBeUndefined());
});

describe('dependencies', () => {
  it('that were completed before, or are named twice, are waited for once or not at all', () => {
    expect(dependenciesOf({ dependencies: ['a', 'b', 'a'] as never }, ['b'])).toEqual([{ id: 'a' }]);
    expect(dependenciesOf({})).toEqual([]);
  });
  it('that end well are gone, others stay and say how they ended', () => {
    const open = [{ id: 'a' }, { id: 'b' }];
    expect(withEnded(open, 'a', 'completed')).toEqual([{ id: 'b' }]);
    expect(waitingForText(withEnded(open, 'b', 'failed'))).toBe('a; b, which is failed');
    expect(withEnded(withEnded(open, 'b', 'cancelled'), 'b', 'completed')).toEqual([{ id: 'a' }]);
  });
});
