/** What a plan may name. */
import { expect, it } from 'vitest';
import { LIMITS } from '../../src/domain/limits.ts';
import { dependantsOf, problemWithPlan } from '../../src/domain/plan-problems.ts';
import { TaskRow } from '../../src/domain/rows.ts';
import { sessionIdOf } from '../../src/domain/session.ts';
import { TASK_STATUSES } from '../../src/domain/task-state.ts';

const [MINE, THEIRS] = ['/mine', '/theirs'].map(sessionIdOf) as [string, string];
const row = (id: string, more: object = {}): TaskRow =>
  TaskRow.parse({
    id,
    title: id,
    status: 'pending',
    kind: 'client_driven',
    startedAt: '2026-01-02T03:04:05Z',
    plan: { session: MINE },
    ...more,
  });
const problem = (plan: object, ...rows: TaskRow[]) =>
  problemWithPlan('new', { session: MINE, ...plan } as never, rows, new Map());

it.each(TASK_STATUSES)('a parent or dependency that is %s', (status) => {
  const closed = ['completed', 'failed', 'cancelled'].includes(status);
  const asParent = problem({ parent: 'a' }, row('a', { status }));
  const asDependency = problem({ dependencies: ['a'] }, row('a', { status }));
  const refused = (field: string) => ({ code: 'precondition', details: [[field]] });
  if (closed) expect(asParent).toMatchObject(refused('parent'));
  else expect(asParent).toBeUndefined();
  if (closed && status !== 'completed') expect(asDependency).toMatchObject(refused('dependencies'));
  else expect(asDependency).toBeUndefined();
});

it('one that was put away can be depended on if it was completed, and has no new parts', () => {
  const done = row('a', { status: 'completed', archivedAt: '2026-01-02T03:04:05Z' });
  expect(problem({ dependencies: ['a'] }, done)).toBeUndefined();
  expect(problem({ parent: 'a' }, done)?.message).toContain('a is completed and was put away');
});

it.each([{ parent: 'a' }, { dependencies: ['b', 'a'] }])(
  'a task of another session is told as one that is not there: %o',
  (plan) => {
    const field = Object.keys(plan)[0];
    const unknown = problem(plan, row('b'));
    expect(unknown).toMatchObject({
      code: 'not_found',
      details: [[field]],
      message: `${field}: there is no task a in this session`,
    });
    const foreign = problem(plan, row('b'), row('a', { plan: { session: THEIRS } }));
    expect(foreign?.message).toBe(unknown?.message);
    expect(problem(plan, row('b'), row('a', { plan: undefined }))?.message).toBe(unknown?.message);
  },
);

it.each([{ parent: 'new' }, { dependencies: ['a', 'new'] }])('itself: %o', (plan) => {
  expect(problem(plan, row('a'))).toMatchObject({ code: 'invalid_input', details: [[Object.keys(plan)[0]]] });
});

it.each([
  ['pending', LIMITS.dependantsPerTaskMax - 1, undefined],
  ['pending', LIMITS.dependantsPerTaskMax, 'conflict'],
  ['completed', LIMITS.dependantsPerTaskMax, undefined],
] as const)('one that is %s and that %i tasks wait for', (status, count, code) => {
  const rows = Array.from({ length: count }, (_, at) =>
    row(`waits-${at}`, { plan: { session: MINE, dependencies: ['a', 'b', 'a'] }, status: 'blocked' }),
  );
  const named = [row('a', { status }), row('b', { status: 'completed' })];
  const plan = { session: MINE, dependencies: ['b', 'a'] } as never;
  const refused = problemWithPlan('new', plan, named, dependantsOf(['a', 'b'], [...named, ...rows]));
  expect(refused?.code).toBe(code);
  if (code === undefined) return;
  expect(refused?.details).toEqual([['dependencies']]);
  expect(refused?.message).toContain(`${count} tasks wait for a already`);
  expect(refused?.message).toContain('plan this one once a is completed, or let it wait for one of them');
});

it('nothing', () => expect(problem({})).toBeUndefined());
