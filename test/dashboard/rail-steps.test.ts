/** The rail of a task says how far it is, and nothing that is not so. */
import { expect, it } from 'vitest';
import { railOf } from '../../src/dashboard/shown/rail-steps.ts';
import type { Step, TaskState } from '../../src/domain/task-state.ts';

const marks = (status: TaskState['status'], step: Step | undefined, gates: TaskState['gates'] = []) =>
  railOf({ status, gates, ...(step !== undefined && { step }) })
    .map(({ mark }) => mark)
    .join(' ');
const open = (gate: 'check' | 'approval' | 'escalation') => [{ gate, status: 'open' as const }];

it.each([
  ['pending', undefined, [], 'ahead ahead ahead ahead ahead ahead'],
  ['in_progress', 'workspace', [], 'now ahead ahead ahead ahead ahead'],
  ['in_progress', 'check', open('check'), 'done done now ahead ahead ahead'],
  ['awaiting_gate', 'approval', open('approval'), 'done done done done waits ahead'],
  ['awaiting_gate', 'attempt', open('escalation'), 'done waits ahead ahead ahead ahead'],
  ['failed', 'check', [], 'done done failed ahead ahead ahead'],
  ['cancelled', 'attempt', [], 'done failed ahead ahead ahead ahead'],
  ['completed', 'merge', [], 'done done done done done done'],
] as const)('of a task that is %s at %s', (status, step, gates, expected) => {
  expect(marks(status, step, [...gates])).toBe(expected);
});
