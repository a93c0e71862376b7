/** The last line that an attempt has printed, without its whole log: of thirty tasks at work that would be gigabytes. */
import { useEffect, useState } from 'preact/hooks';
import { calls } from '../client/ask.ts';
import { printed } from '../client/known-rows.ts';
import { usePaced } from '../shown/paced.ts';
import { lastText, tailOffset } from './log-end.ts';

const EVERY_MS = 1_000;

/** Undefined while nothing is known: the next line that is printed shows. */
export function useLastLine(id: string, attempt: number | undefined): string | undefined {
  const [line, setLine] = useState<string>();
  const grown = usePaced(printed(id), EVERY_MS);
  useEffect(() => {
    if (attempt === undefined) return;
    let isCurrent = true;
    calls.logs(id, attempt, tailOffset(grown, attempt)).then(
      ({ lines }) => {
        const last = lastText(lines);
        if (isCurrent && last !== undefined) setLine(last);
      },
      // The page of the task says why there is none.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [id, attempt, grown]);
  return line;
}
