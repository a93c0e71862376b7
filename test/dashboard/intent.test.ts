import { expect, it } from 'vitest';
import { Intent, type OpenIntent } from '../../src/dashboard/client/intent.ts';

function numbered(): Intent {
  let count = 0;
  return new Intent(() => String(++count));
}

it('what is pressed twice, or sent again without an answer, has one key', () => {
  const intent = numbered();
  expect([intent.keyFor('approve'), intent.keyFor('approve')]).toEqual(['1', '1']);
});

it('other words are another intent', () => {
  const intent = numbered();
  expect([intent.keyFor('reject a'), intent.keyFor('reject b')]).toEqual(['1', '2']);
});

it('the same words after an answer are another intent', () => {
  const intent = numbered();
  const first = intent.keyFor('retry');
  intent.answered();
  expect([first, intent.keyFor('retry')]).toEqual(['1', '2']);
});

it('what nobody has answered outlives the page, and is over for the next one once it was answered', () => {
  let kept: OpenIntent | undefined;
  const place = {
    read: () => kept,
    write(open: OpenIntent | undefined) {
      kept = open;
    },
  };
  const first = new Intent(() => 'first', place);
  expect(first.keyFor('run a')).toBe('first');
  const reloaded = new Intent(() => 'second', place);
  expect(reloaded.keyFor('run a')).toBe('first');
  reloaded.answered();
  expect(new Intent(() => 'third', place).keyFor('run a')).toBe('third');
});
