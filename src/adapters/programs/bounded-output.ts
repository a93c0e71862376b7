/** Keeps the head and the tail of an output of any length: what was started is in one, what failed in the other. */

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
  const kept: string[] = [];
  let keptChars = 0;
  let droppedChars = 0;
  return {
    push(text) {
      const room = Math.max(0, headCharsMax - head.length);
      head += text.slice(0, room);
      const rest = text.slice(room);
      if (rest === '') return;
      kept.push(rest);
      keptChars += rest.length;
      // Whole pieces go first; only the oldest one left is cut, so that a flood is not copied again and again.
      for (let first = kept[0]; first !== undefined && keptChars > tailCharsMax; first = kept[0]) {
        const excess = Math.min(first.length, keptChars - tailCharsMax);
        if (excess === first.length) kept.shift();
        else kept[0] = first.slice(excess);
        keptChars -= excess;
        droppedChars += excess;
      }
    },
    text() {
      const note = droppedChars === 0 ? '' : `\n[… ${droppedChars} characters left out …]\n`;
      return `${head}${note}${kept.join('')}`;
    },
  };
}
