/** A secret with something in it that a terminal does not show is masked, because whoever shows it takes that out. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMask, MASKED } from '../../src/domain/mask.ts';
import { safeText } from '../../src/edge/cli/telling.ts';

const SECRET = 's3cret-value';
const UNSEEN = [
  '\x1b[0m',
  '\x1b[1;31m',
  '\x9b31m',
  '\x1b[2K',
  '\x1b]0;a title\x07',
  '\x1b]8;;https://host.example/a\x1b\\',
  '\x1b',
  '\x07',
  '\b',
  '\r',
  '\x7f',
  '\u202e',
  '\u2066',
];

it.each(UNSEEN)('%j within a secret does not show it', (unseen) => {
  const mask = createMask([SECRET]);
  for (let at = 1; at < SECRET.length; at += 1) {
    const text = `before ${SECRET.slice(0, at)}${unseen}${SECRET.slice(at)} after`;
    if (safeText(text).includes(SECRET)) expect(mask.text(text)).toBe(`before ${MASKED} after`);
  }
});

it('what is shown has no secret in it, however it is coloured and wherever the output is cut', () => {
  const between = fc.array(fc.constantFrom(...UNSEEN), { maxLength: 3 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.array(between, { minLength: SECRET.length, maxLength: SECRET.length }),
      fc.nat(),
      (parts, cut) => {
        const text = `before ${[...SECRET].map((one, at) => one + parts[at]).join('')} after`;
        const mask = createMask([SECRET]);
        const stream = mask.stream();
        const at = cut % text.length;
        const shown = stream.push(text.slice(0, at)) + stream.push(text.slice(at)) + stream.end();
        expect(shown).toBe(mask.text(text));
        expect(safeText(shown)).not.toContain(SECRET);
      },
    ),
    { numRuns: 500 },
  );
});

it('colours elsewhere stay, and are held back no longer than a line', () => {
  const text = '\x1b[31ms3c\x1b[0m\r\ns3cret\x1b]0;never ended\nnext\x1b[0m\n';
  const mask = createMask([SECRET]);
  expect(mask.text(text)).toBe(text);
  expect(mask.stream().push(text)).toBe(text);
});

it('takes time in proportion to the text', () => {
  const mask = createMask([SECRET]);
  for (const part of ['s\x1b\x07', 's\x1b[[[[', 's\x1b]0;', 's3c\x1b[0m', '\x1b[31m', 's\r'])
    expect(mask.text(part.repeat(50_000 / part.length)).length).toBeGreaterThan(49_000);
});
