/** The log of an attempt, read on from where it was read to whenever the feed tells that the agent has printed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { calls } from '../client/ask.ts';
import { link } from '../client/feed-link.ts';
import { printed } from '../client/known-rows.ts';
import { usePaced } from '../shown/paced.ts';
import { LogLines } from './log-lines.ts';

/** More lines than this would fill the tab's memory: the older ones are in `pawl logs`. */
const LINES_MAX = 100_000;
/** An agent that prints all the time is read ten times a second. */
const EVERY_MS = 100;

export interface Log {
  /** The same object while it grows, so that nothing is copied for a line more. */
  readonly lines: LogLines;
  readonly problem: Error | undefined;
}

interface Reading {
  readonly lines: LogLines;
  offset: number;
  isReading: boolean;
  /** It has grown while it was read. */
  isBehind: boolean;
}

const newReading = (): Reading => ({
  lines: new LogLines(LINES_MAX),
  offset: 0,
  isReading: false,
  isBehind: false,
});

/** @param attempt undefined while there is none */
export function useLog(id: string, attempt: number | undefined): Log {
  const reading = useRef<Reading>(newReading());
  const [log, setLog] = useState<Log>({ lines: reading.current.lines, problem: undefined });
  const grown = usePaced(printed(id), EVERY_MS);
  // What was printed while the page was not live was told to nobody.
  const isLive = link.value.is === 'live';
  useEffect(() => {
    reading.current = newReading();
    setLog({ lines: reading.current.lines, problem: undefined });
  }, [id, attempt]);
  useEffect(() => {
    if (attempt === undefined) return;
    const mine = reading.current;
    void readOn(id, attempt, mine, (problem) => {
      if (reading.current === mine) setLog({ lines: mine.lines, problem });
    });
  }, [id, attempt, grown, isLive]);
  return log;
}

/** @param onNews hears that there are more lines, or why there are none */
async function readOn(
  id: string,
  attempt: number,
  reading: Reading,
  onNews: (problem?: Error) => void,
): Promise<void> {
  if (reading.isReading) {
    reading.isBehind = true;
    return;
  }
  reading.isReading = true;
  try {
    for (;;) {
      reading.isBehind = false;
      const { lines, offset } = await calls.logs(id, attempt, reading.offset);
      const isAll = offset === reading.offset;
      reading.offset = offset;
      reading.lines.append(lines);
      if (lines.length > 0) onNews();
      if (isAll && !reading.isBehind) return;
    }
  } catch (error) {
    onNews(error as Error);
  } finally {
    reading.isReading = false;
  }
}
