/**
 * The feed: what changes in lists, numbered, in a bounded ring that all readers share. A reader holds nothing but its place, so a
 * slow one costs nothing; one whose place is gone, or that comes from another engine, begins again with a snapshot.
 */
import { randomBytes } from 'node:crypto';
import type { Change, Numbered, Printed, Snapshot, Warned } from '../domain/events.ts';
import { OUTPUT_MS } from './subscriptions.ts';
import { untilWoken } from './until-woken.ts';

/** Back-pressure: a reader that is further behind gets the whole again. A change is about a kilobyte, and may be a hundred. */
const KEPT_MAX = 4_096;
const KEPT_CHARS_MAX = 16 * 1024 ** 2;

/** What a snapshot holds. */
export type Rows = Omit<Snapshot, 'type'>;

export interface Feed {
  /** Told to every reader, also to those that come back. */
  publish(change: Change): void;
  /** Told to who reads now; of an attempt only the latest. */
  printed(output: Printed): void;
  /** Told to who reads now and who begins to: the latest. */
  warn(warned: Warned): void;
  /**
   * A snapshot, or with the number of an event that is still kept what came after it; then each event as it comes, until `signal`
   * aborts. @param rows every row as it is when it is called
   */
  read(rows: () => Promise<Rows>, after: string | undefined, signal: AbortSignal): AsyncGenerator<Numbered>;
}

export function createFeed(keptMax = KEPT_MAX, boot = randomBytes(4).toString('hex')): Feed {
  /** `kept[0]` has the number `first`. */
  let kept: Change[] = [];
  let first = 1;
  /** Of those that are kept, as JSON. */
  let chars: number[] = [];
  let charsTotal = 0;
  const outputs = new Map<string, { readonly at: number; readonly event: Printed }>();
  let outputsCount = 0;
  let warnings: { readonly at: number; readonly event: Warned } | undefined;
  const waiting = new Set<() => void>();
  let isWakeDue = false;

  const wake = () => {
    const woken = [...waiting];
    waiting.clear();
    for (const tell of woken) tell();
  };
  const next = () => first + kept.length;
  const numberOf = (n: number) => `${boot}:${n}`;
  /** Where a reader goes on; undefined where it has to begin again. */
  const placeAfter = (number: string | undefined): number | undefined => {
    const [, from, n] = /^([0-9a-f]+):(\d{1,15})$/.exec(number ?? '') ?? [];
    const place = Number(n) + 1;
    return from === boot && place >= first && place <= next() ? place : undefined;
  };
  const moved = (signal: AbortSignal): Promise<void> =>
    untilWoken(signal, (tell) => {
      waiting.add(tell);
      return () => waiting.delete(tell);
    });

  const outputAfter = (heard: number) => [...outputs.values()].find(({ at }) => at > heard);

  async function* read(
    rows: () => Promise<Rows>,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Numbered> {
    let place = placeAfter(after);
    let heard = outputsCount;
    let warned = 0;
    while (!signal.aborted) {
      if (place === undefined || place < first) {
        // What changes while the rows are read is told after them once more.
        place = next();
        yield { number: numberOf(place - 1), event: { type: 'snapshot', ...(await rows()) } };
        // The reader may have come back for more long after that.
        continue;
      }
      const change = kept[place - first];
      const output = change === undefined ? outputAfter(heard) : undefined;
      if (change !== undefined) {
        yield { number: numberOf(place), event: change };
        place += 1;
      } else if (output !== undefined) {
        heard = output.at;
        yield { number: numberOf(place - 1), event: output.event };
      } else if (warnings !== undefined && warnings.at > warned) {
        warned = warnings.at;
        yield { number: numberOf(place - 1), event: warnings.event };
      } else await moved(signal);
    }
  }

  return {
    publish(change) {
      const { length } = JSON.stringify(change);
      kept.push(change);
      chars.push(length);
      charsTotal += length;
      // In blocks, because each cut copies the rest.
      if (kept.length >= 2 * keptMax || charsTotal > KEPT_CHARS_MAX) {
        const cut = Math.ceil(kept.length / 2);
        first += cut;
        kept = kept.slice(cut);
        chars = chars.slice(cut);
        charsTotal = chars.reduce((sum, one) => sum + one, 0);
      }
      if (change.type === 'gone' || change.row.closedAt !== undefined) outputs.delete(idOf(change));
      wake();
    },
    printed(event) {
      outputsCount += 1;
      // The latest last, which `outputAfter` relies on.
      outputs.delete(event.id);
      outputs.set(event.id, { at: outputsCount, event });
      // Who does not wait looks before it does.
      if (waiting.size === 0 || isWakeDue) return;
      isWakeDue = true;
      setTimeout(() => {
        isWakeDue = false;
        wake();
      }, OUTPUT_MS).unref();
    },
    warn(event) {
      warnings = { at: (warnings?.at ?? 0) + 1, event };
      wake();
    },
    read,
  };
}

const idOf = (change: Change): string => (change.type === 'gone' ? change.id : change.row.id);
