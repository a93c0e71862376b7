/** Attempts and failures in words. */
import { expect, it } from 'vitest';
import { outcomeOf, outcomeText, whyText } from '../../src/domain/attempt-words.ts';
import { failureText } from '../../src/domain/failure-words.ts';
import { FAILURE_CLASSES, type FailureClass } from '../../src/domain/failures.ts';
import type { Attempt } from '../../src/domain/task-state.ts';

const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  ...{ number: 1, reason: 'first', agent: 'codex', outcome: 'done' },
  ...more,
});
const told = attempt({ number: 2, reason: 'told', resumedFrom: '1.1' });

it('says why there was an attempt, in words', () => {
  expect(whyText(told)).toBe('told by a person, from checkpoint 1.1');
  expect(whyText(attempt({ reason: 'by_hand' }))).toBe('by hand');
  expect(whyText(attempt({ reason: 'a_new_one' as never }))).toBe('a new one');
});

it('says that an attempt was told something, not that it failed', () => {
  const ended = attempt({ outcome: 'cancelled' });
  expect(outcomeOf(ended, told)).toBe('told');
  expect(outcomeText(ended, told)).toBe('told something: attempt 2 goes on with it');
  expect(outcomeOf(ended, undefined)).toBe('cancelled');
  expect(outcomeText(ended, undefined)).toBeUndefined();
  expect(outcomeText(attempt({ summary: 'tried' }), told)).toBe('tried');
});

it('says that an attempt was ended to ask, not that it failed', () => {
  const asked = attempt({ outcome: 'failed', failure: { class: 'permission', message: 'may not do this' } });
  expect(outcomeOf(asked, undefined)).toBe('asked');
  expect(outcomeText(asked, undefined)).toBe('ended to ask a person');
  expect(outcomeOf(attempt({ outcome: 'failed' }), undefined)).toBe('failed');
});

it.each<[FailureClass, string, string]>([
  ['unknown', 'exited with 3', 'cause not known: exited with 3'],
  ['check_failed', 'check failed: npm test exited with 1', 'check failed: npm test exited with 1'],
  ['conflict', 'main has moved', 'conflict: main has moved'],
  ['a_new_one' as FailureClass, 'hm', 'a new one: hm'],
])('says of a failure %s, once, what it was', (failureClass, message, expected) => {
  expect(failureText({ class: failureClass, message })).toBe(expected);
});

it('has words for each class of failures', () => {
  for (const one of FAILURE_CLASSES) expect(failureText({ class: one, message: '' })).not.toContain('_');
});
