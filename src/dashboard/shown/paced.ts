/** A value that changes often, for what is too large to be drawn for each change. */
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/**
 * The value as it was at most so long ago; the first change after a quiet while shows at once.
 * @param source the same for as long as the component is there
 */
export function usePaced<T>(source: ReadonlySignal<T>, ms: number): T {
  const shown = useSignal(source.peek());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isBehind = useRef(false);
  const show = () => {
    shown.value = source.peek();
    isBehind.current = false;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (isBehind.current) show();
    }, ms);
  };
  useSignalEffect(() => {
    // What is shown already is no change.
    if (source.value === shown.peek()) return;
    if (timer.current === undefined) show();
    else isBehind.current = true;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown.value;
}
