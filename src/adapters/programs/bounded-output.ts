/** Keeps the head and the tail of an output of any length: what was started is in one, what failed in the other. */

import { endOf, startOf } from '../../domain/limits.ts';

export interface BoundedOutput {
  push(text: string): void;
  text(): string;
}

/** Holds at most `headCharsMax` + `tailCharsMax` characters, and says how many are missing between the two. */
export function createBoundedOutput({
  headCharsMax,
  tailCharsMax,
}: {
  readonly headCharsMax: number;
  readonly tailCharsMax: number;
}): BoundedOutput {
  let head = '';
  let isHeadFull = false;
  const kept: string[] = [];
  let keptChars = 0;
  let droppedChars = 0;
  return {
    push(text) {
      const first = isHeadFull ? '' : startOf(text, headCharsMax - head.length);
      head += first;
      const rest = text.slice(first.length);
      if (rest === '') return;
      isHeadFull = true;
      kept.push(rest);
      keptChars += rest.length;
      // Whole pieces go first; only the oldest one left is cut, so that a flood is not copied again and again.
      for (let oldest = kept[0]; oldest !== undefined && keptChars > tailCharsMax; oldest = kept[0]) {
        const left = endOf(oldest, Math.max(0, oldest.length - (keptChars - tailCharsMax)));
        if (left === '') kept.shift();
        else kept[0] = left;
        keptChars -= oldest.length - left.length;
        droppedChars += oldest.length - left.length;
      }
    },
    text() {
      const note = droppedChars === 0 ? '' : `\n[… ${droppedChars} characters left out …]\n`;
      return `${head}${note}${kept.join('')}`;
    },
  };
}
