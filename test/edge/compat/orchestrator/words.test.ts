/** What the words of the orchestrator's clients mean in Pawl, and the other way round. */
import { expect, it } from 'vitest';
import { PawlError } from '../../../../src/domain/failures.ts';
import { TaskRow } from '../../../../src/domain/rows.ts';
import { TASK_STATUSES } from '../../../../src/domain/task-state.ts';
import { FIELDS, inWords } from '../../../../src/edge/compat/orchestrator/translation.ts';
import {
  artifactRefs,
  entryOf,
  STATUSES,
  statusHere,
  statusThere,
} from '../../../../src/edge/compat/orchestrator/words.ts';

const ROW = {
  id: 'task-1',
  title: 'a',
  status: 'pending',
  kind: 'client_driven',
  startedAt: '2026-01-02T03:04:05Z',
};
const rowWith = (more: object = {}) => TaskRow.parse({ ...ROW, ...more });

it.each([
  ['pending', ['pending']],
  ['active', ['in_progress', 'awaiting_gate']],
  ['in_progress', ['in_progress', 'awaiting_gate']],
  ['blocked', ['blocked']],
  ['completed', ['completed']],
  ['failed', ['failed']],
  ['cancelled', ['cancelled']],
] as const)('asks for %s as %j', (there, here) => {
  expect(statusHere(there)).toEqual(here);
});

it.each(TASK_STATUSES)('shows %s by a word whose question finds it again', (status) => {
  const shown = statusThere({ status });
  expect(STATUSES).toContain(shown);
  expect(shown === 'archived' ? [] : statusHere(shown)).toContain(status);
  expect(statusThere({ status, archivedAt: '2026-01-02T03:04:05Z' })).toBe('archived');
});

it('shows artifacts of the store by digest and name, other words as they are', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  expect(artifactRefs(['notes of mine'])).toEqual([
    { id: 'notes of mine', type: 'general', path: 'notes of mine' },
  ]);
  expect(
    artifactRefs([
      `pawl://artifacts/${digest}?type=code&bytes=7&name=a.ts`,
      `pawl://artifacts/${digest}?type=code&bytes=7`,
    ]),
  ).toEqual([
    { id: digest, type: 'code', path: 'a.ts', size: 7 },
    { id: digest, type: 'code', path: `pawl://artifacts/${digest}`, size: 7 },
  ]);
  expect(artifactRefs()).toEqual([]);
});

it('fills in what nobody said of a task', () => {
  expect(entryOf(rowWith())).toEqual({
    id: 'task-1',
    task_id: 'task-1',
    title: 'a',
    description: '',
    status: 'pending',
    task_type: 'standard',
    complexity: 'moderate',
    specialist_type: 'generic',
    estimated_effort: null,
    due_date: null,
    context: {},
    dependencies: [],
    parent_id: null,
    parent_task_id: null,
    created_at: ROW.startedAt,
    updated_at: ROW.startedAt,
    completed_at: null,
    lifecycle_stage: 'ready',
  });
});

it('shows a gate beside the work that waits for it', () => {
  expect(
    entryOf(rowWith({ status: 'awaiting_gate', gates: [{ gate: 'approval' }], summary: 'so far' })),
  ).toMatchObject({
    status: 'in_progress',
    lifecycle_stage: 'active',
    gate: 'approval',
    summary: 'so far',
  });
});

it('tells a problem by the name that the caller gave', async () => {
  const problem = new PawlError('invalid_input', 'due: expected a date; title: too long', {
    details: [['due'], ['title']],
  });
  const told = inWords(FIELDS, () => Promise.reject(problem));
  await expect(told).rejects.toMatchObject({
    code: 'invalid_input',
    message: 'due_date: expected a date; title: too long',
    details: [['due_date'], ['title']],
    cause: problem,
  });
});
