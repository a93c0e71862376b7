/** What a program's mark tells of where it runs. */
import { describe, expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { marksOf, placeOfMark } from '../../src/domain/marks.ts';

const HOST = '0b0c9a5e-6d4b-4b0f-9d3c-2f6f1f0e7a11';
const id = TaskId.parse('fix-login-7');
const marks = marksOf(HOST);

it.each([
  ['of an attempt', marks.ofAttempt({ id, run: 'a1b2-c3' }, 12), 'attempt 12 of fix-login-7'],
  ['of an attempt from before runs were told apart', marks.ofAttempt({ id }, 2), 'attempt 2 of fix-login-7'],
  ['of a check', marks.ofStep(id, 'check'), 'check of fix-login-7'],
  ['of set-up', marks.ofStep(id, 'setup'), 'setup of fix-login-7'],
])('%s', (_, mark, place) => {
  expect(placeOfMark(HOST, mark)).toBe(place);
});

describe('nothing is told by', () => {
  it.each([
    ['nothing', ''],
    ['the mark of another home', marksOf('another').ofAttempt({ id }, 1)],
    ['the home alone', HOST],
    ['a task alone', marks.ofTask(id)],
    ['no task id', `${HOST}/Fix Login/1`],
    ['an attempt that there is not', `${HOST}/${id}/0`],
    ['a step in other letters', `${HOST}/${id}/Check!`],
    ['more than a mark', `${HOST}/${id}/a/1/2`],
    ['a text without end', `${HOST}/${id}/${'x'.repeat(10_000)}`],
    ['lines', `${HOST}/${id}/check\nof another`],
  ])('%s', (_, mark) => {
    expect(placeOfMark(HOST, mark)).toBeUndefined();
  });
});
