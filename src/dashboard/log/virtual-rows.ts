/** Draws of many rows those that are seen: what `@tanstack/virtual-core` needs of Preact. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type Rows = Pick<
  VirtualizerOptions<HTMLElement, HTMLElement>,
  'count' | 'getScrollElement' | 'estimateSize' | 'getItemKey'
>;

export function useVirtualRows(rows: Rows): Virtualizer<HTMLElement, HTMLElement> {
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    ...rows,
    ...{ observeElementRect, observeElementOffset, scrollToFn: elementScroll },
    overscan: 12,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
