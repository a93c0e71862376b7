/** The lines of a log in a box of their own, of which those are drawn that are seen. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { LineText } from './log-line.tsx';
import type { LogLines } from './log-lines.ts';
import { useVirtualRows } from './virtual-rows.ts';

const LINE_PX = 20;
/** So near to the end one is at it. */
const END_PX = 24;
/** What scrolls so long after a key, a wheel or a finger is moved by it. */
const BY_HAND_MS = 1_000;

interface RowsProps {
  readonly lines: LogLines;
  /** Lines from here on are not shown. */
  readonly end: number;
  readonly query: string;
  /** The line that a search has come to. */
  readonly at: number | undefined;
  readonly withTimes: boolean;
  /** Whether it stays at the end as the log grows; scrolling up ends that, and scrolling to the end begins it. */
  readonly follows: Signal<boolean>;
}

export function LogRows({ lines, end, query, at, withTimes, follows }: RowsProps) {
  const box = useRef<HTMLElement>(null);
  const whole = useSignal<ReadonlySet<number>>(new Set());
  const top = useRef(0);
  const handAt = useRef(Number.NEGATIVE_INFINITY);
  const byHand = () => {
    handAt.current = performance.now();
  };
  const first = Math.min(lines.first, end);
  const rows = useVirtualRows({
    count: end - first,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => first + index,
  });
  const before = useRef(first);
  useLayoutEffect(() => {
    let gonePx = 0;
    for (; before.current < first; before.current += 1)
      gonePx += rows.itemSizeCache.get(before.current) ?? LINE_PX;
    // Who reads on further up keeps their place while the oldest lines go.
    if (gonePx > 0 && !follows.value) rows.scrollBy(-gonePx);
  }, [first]);
  useLayoutEffect(() => {
    if (follows.value) rows.scrollToEnd();
  }, [end, follows.value]);
  useEffect(() => {
    if (at === undefined) return;
    follows.value = false;
    rows.scrollToIndex(at - first, { align: 'center' });
  }, [at]);
  const seen = rows.getVirtualItems();
  return (
    <section
      ref={box}
      class="log-box"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reachable by keyboard
      tabIndex={0}
      aria-label="Lines of the log"
      onWheel={byHand}
      onTouchMove={byHand}
      onPointerDown={byHand}
      onKeyDown={byHand}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const isByHand = performance.now() - handAt.current < BY_HAND_MS;
        // It is also moved as lines turn out to be higher than was thought.
        if (scrollHeight - clientHeight - scrollTop <= END_PX) follows.value = true;
        else if (isByHand && scrollTop < top.current - 1) follows.value = false;
        top.current = scrollTop;
      }}
    >
      <div class="log-all" style={{ height: `${rows.getTotalSize()}px` }}>
        <div style={{ transform: `translateY(${seen[0]?.start ?? 0}px)` }}>
          {seen.map(({ key, index }) => {
            const line = lines.at(first + index);
            return (
              <div
                key={key}
                ref={rows.measureElement}
                data-index={index}
                class={`log-line mono ${line?.number === at ? 'at' : ''}`}
              >
                {line !== undefined && withTimes && <time dateTime={line.t}>{timeText(line.t)}</time>}
                <span class="log-text">
                  {line !== undefined && (
                    <LineText
                      line={line}
                      query={query}
                      isWhole={whole.value.has(line.number)}
                      onWhole={(number) => {
                        whole.value = new Set([...whole.value, number]);
                      }}
                    />
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

function timeText(moment: string): string {
  const at = new Date(moment);
  return Number.isNaN(at.getTime()) ? '' : TIME.format(at);
}
