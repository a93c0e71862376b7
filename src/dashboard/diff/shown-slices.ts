/** How many slices of a file are drawn: the first lines, then as many as one asks for. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { atOnce } from './diff-slices.ts';

/** Between two slices where all are wanted. */
const PAUSE_MS = 20;

/** @param lengths how many lines each slice has */
export function useShownSlices(lengths: readonly number[]) {
  const slices = useSignal(atOnce(lengths));
  const isGoingOn = useSignal(false);
  const next = slices.value + atOnce(lengths.slice(slices.value));
  // The next ones after the page had time to draw, and to hear what one presses.
  useEffect(() => {
    if (!isGoingOn.value) return;
    if (slices.value >= lengths.length) {
      isGoingOn.value = false;
      return;
    }
    const pause = setTimeout(() => {
      slices.value = next;
    }, PAUSE_MS);
    return () => clearTimeout(pause);
  }, [isGoingOn.value, slices.value]);
  return {
    slices: slices.value,
    next,
    isGoingOn: isGoingOn.value,
    more() {
      slices.value = next;
    },
    all() {
      isGoingOn.value = true;
    },
  };
}
