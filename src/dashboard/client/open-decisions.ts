/** The decisions that wait now. The title of the tab counts them, and names what its page is about. */
import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { executions, tasks } from './known-rows.ts';
import { decisionsIn } from './ranked-decisions.ts';
import { tabTitle } from './tab-title.ts';

export const decisions = computed(() => decisionsIn(tasks.value, executions.value));

const shown = signal('');

effect(() => {
  document.title = tabTitle(decisions.value.length, shown.value);
});

/** Names what the page is about, while it is there. */
export function useTabTitle(thing: string): void {
  useEffect(() => {
    shown.value = thing;
    return () => {
      shown.value = '';
    };
  }, [thing]);
}
