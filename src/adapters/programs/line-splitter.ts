/** Cuts a stream of text into lines without ever holding more than one of bounded length. */
import { startOf } from '../../domain/limits.ts';

export interface LineSplitter {
  push(text: string): void;
  /** The stream ended: what is held is the last line. */
  end(): void;
}

const CUT = ' … [the rest of this line was dropped]';

/**
 * `onLine` gets each line without its end (LF, CRLF or CR: progress bars use the last). A line over `charsMax` is cut
 * to it and given on at once, so that endless output without a line end is seen too.
 */
export function createLineSplitter(charsMax: number, onLine: (line: string) => void): LineSplitter {
  let held = '';
  let dropping = false;
  let afterReturn = false;
  const add = (part: string) => {
    if (dropping) return;
    held += part.slice(0, charsMax + 1 - held.length);
    if (held.length <= charsMax) return;
    dropping = true;
    onLine(`${startOf(held, charsMax - CUT.length)}${CUT}`);
  };
  const finish = () => {
    if (!dropping) onLine(held);
    held = '';
    dropping = false;
  };
  return {
    push(text) {
      if (text === '') return;
      const parts = (afterReturn && text.startsWith('\n') ? text.slice(1) : text).split(/\r\n|\r|\n/);
      afterReturn = text.endsWith('\r');
      const open = parts.pop() ?? '';
      for (const part of parts) {
        add(part);
        finish();
      }
      add(open);
    },
    end() {
      if (held !== '' || dropping) finish();
    },
  };
}
