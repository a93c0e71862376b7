/** Times as people read them. One clock for the page, which stands still while nobody looks. */
import { signal } from '@preact/signals';
import { durationText } from './duration-text.ts';

const now = signal(Date.now());
setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1_000);

/** How long ago, as of now; drawn anew each second. @param since in milliseconds */
export const durationSince = (since: number): string => durationText(now.value - since);

/** The same of a moment as the engine writes it. */
export const sinceText = (moment: string): string => durationSince(Date.parse(moment));

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const momentText = (moment: string): string => MOMENT.format(new Date(moment));
