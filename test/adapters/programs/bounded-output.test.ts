/** A bounded output holds the head and the tail of what came, whatever the pieces. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBoundedOutput } from '../../../src/adapters/programs/bounded-output.ts';

it('is the text itself, or its head and tail with the number of characters between them', () => {
  const bound = fc.nat({ max: 20 });
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 15 })),
      bound,
      bound,
      (pieces, headCharsMax, tailCharsMax) => {
        const output = createBoundedOutput({ headCharsMax, tailCharsMax });
        for (const piece of pieces) output.push(piece);
        const all = pieces.join('');
        const missing = all.length - headCharsMax - tailCharsMax;
        const head = all.slice(0, headCharsMax);
        const tail = all.slice(all.length - tailCharsMax);
        const cut = `${head}\n[… ${missing} characters left out …]\n${tail}`;
        expect(output.text()).toBe(missing <= 0 ? all : cut);
      },
    ),
  );
});
