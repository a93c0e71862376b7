import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedOutput } from '../../src/adapters/programs/bounded-output.ts';
import { createLineSplitter } from '../../src/adapters/programs/line-splitter.ts';
import { clip, clipAll, endOf, startOf, tail } from '../../src/domain/limits.ts';
import { pathToLoneSurrogate, wellFormed } from '../../src/domain/lone-surrogates.ts';

/** Half of its characters take two units. */
const text = fc.string({ unit: fc.constantFrom('a', '🚀', 'é', '𝄞', '\n'), maxLength: 40 });
const charsMax = fc.integer({ min: 1, max: 30 });

describe('wherever a text is cut', () => {
  const cuts = { clip, tail, startOf, endOf } as const;
  it.each(Object.entries(cuts))('%s leaves whole characters', (_name, cut) => {
    fc.assert(
      fc.property(text, charsMax, (whole, max) => {
        const left = cut(whole, max);
        expect(left.isWellFormed()).toBe(true);
        expect(left.length).toBeLessThanOrEqual(max);
        if (whole.length <= max) expect(left).toBe(whole);
        // Of two units at most one is given up.
        else expect(left.length).toBeGreaterThanOrEqual(max - 1);
      }),
    );
  });

  it('texts that share room leave whole characters', () => {
    fc.assert(
      fc.property(fc.array(text), charsMax, (texts, max) => {
        expect(clipAll(texts, max * texts.length).every((one) => one.isWellFormed())).toBe(true);
      }),
    );
  });

  it('lines leave whole characters, in whatever pieces they come', () => {
    fc.assert(
      fc.property(fc.array(text), fc.integer({ min: 40, max: 60 }), (pieces, max) => {
        const lines: string[] = [];
        const splitter = createLineSplitter(max, (line) => lines.push(line));
        for (const piece of pieces) splitter.push(piece);
        splitter.end();
        expect(lines.every((line) => line.isWellFormed() && line.length <= max)).toBe(true);
      }),
    );
  });

  it('a bounded output keeps whole characters of both its ends, in order, and counts the others', () => {
    fc.assert(
      fc.property(fc.array(text), charsMax, charsMax, (pieces, headCharsMax, tailCharsMax) => {
        const output = createBoundedOutput({ headCharsMax, tailCharsMax });
        for (const piece of pieces) output.push(piece);
        const [head = '', count, end = ''] = output.text().split(/\n\[… (\d+) characters left out …\]\n/);
        const whole = pieces.join('');
        expect(output.text().isWellFormed()).toBe(true);
        expect(whole.startsWith(head) && whole.endsWith(end)).toBe(true);
        expect(head.length + Number(count ?? 0) + end.length).toBe(whole.length);
      }),
    );
  });
});

it('a value without halves of characters stays, and one with them is written as U+FFFD', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.stringify(wellFormed(value))).toBe(JSON.stringify(value));
      expect(pathToLoneSurrogate(wellFormed(value))).toBeUndefined();
    }),
  );
  expect(wellFormed({ '\ud83d': ['a\ude80', 1, null] })).toEqual({ '\ufffd': ['a\ufffd', 1, null] });
});
