/** Notices of the browser for decisions and ends, where the person has allowed them and looks at another tab. */
import { effect, signal } from '@preact/signals';
import { isKnown, tasks } from '../client/known-rows.ts';
import { decisions } from '../client/open-decisions.ts';
import { newsBetween, type Seen, seenIn } from './told.ts';

export const allowed = signal<NotificationPermission>(
  'Notification' in window ? Notification.permission : 'denied',
);

/** Only when a person asks for it: a browser refuses a page that asks by itself. */
export async function allow(): Promise<void> {
  allowed.value = await Notification.requestPermission();
}

let seen: Seen | undefined;
effect(() => {
  if (!isKnown.value) return;
  const now = seenIn(tasks.value, decisions.value);
  const news = seen === undefined ? [] : newsBetween(seen, now);
  seen = now;
  if (allowed.value !== 'granted' || document.visibilityState === 'visible') return;
  // One of the tag replaces the one before: a reconnect does not say it twice.
  for (const { tag, title, body } of news) new Notification(title, { tag, body });
});
