/** Attempts and gates of a task, in the order in which they came. */
import { expect, it } from 'vitest';
import { notesInTime } from '../../src/domain/kept-note.ts';
import type { Attempt, Gate } from '../../src/domain/task-state.ts';
import { workOrder } from '../../src/domain/work-order.ts';

const attempt = (number: number, reason: Attempt['reason'], commit?: string): Attempt => ({
  ...{ number, reason, agent: 'a', outcome: commit === undefined ? 'failed' : 'done' },
  ...(commit !== undefined && { commit }),
});
const asked = (more: Partial<Gate> = {}): Gate => ({ gate: 'escalation', status: 'open', ...more });
const approval = (commit: string, status: Gate['status'] = 'stale'): Gate => ({
  ...{ gate: 'approval', status, commit },
});
const permission = { id: 'p', title: 'rm' };

it.each<[string, Attempt[], Gate[], string[]]>([
  [
    'a check that failed',
    [attempt(1, 'first', 'a'), attempt(2, 'fix', 'b')],
    [approval('a')],
    ['1', 'a', '2'],
  ],
  [
    'an open question below the attempt that has led to it',
    [attempt(1, 'first', 'a'), attempt(2, 'told')],
    [approval('a'), asked()],
    ['1', 'a', '2', 'escalation'],
  ],
  [
    'a question that was answered, below the attempt that has led to it',
    [attempt(1, 'first', 'a'), attempt(2, 'told'), attempt(3, 'retry')],
    [approval('a'), asked({ status: 'approved' })],
    ['1', 'a', '2', 'escalation', '3'],
  ],
  [
    'a wish, answered by something else',
    [attempt(1, 'first'), attempt(2, 'told')],
    [{ gate: 'approval', status: 'stale', permission }],
    ['1', 'approval', '2'],
  ],
  [
    'a conflict after all attempts',
    [attempt(1, 'first', 'a')],
    [approval('a'), asked()],
    ['1', 'a', 'escalation'],
  ],
])('puts %s', (_, attempts, gates, expected) => {
  const order = workOrder({ attempts, gates });
  expect(
    order.map((one) => ('attempt' in one ? `${one.attempt.number}` : (one.gate.commit ?? one.gate.gate))),
  ).toEqual(expected);
});

const kept = 'kept in the repository: pawl/x (its work)';
const found = 'kept in the repository: pawl/x.kept-1 (the run before)';
it.each<[string, string[], boolean, string[], string[]]>([
  ['what was kept at the end', ['hm', kept], true, ['hm'], [kept]],
  ['what is kept of the run before', ['hm', kept], false, ['hm', kept], []],
  ['what was found of the run before', [found], true, [found], []],
  ['other notes', ['hm'], true, ['hm'], []],
])('tells %s in its time', (_, notes, isOver, before, atEnd) => {
  expect(notesInTime(notes, isOver)).toEqual({ before, atEnd });
});
