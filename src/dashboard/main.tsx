/** Where the page begins. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { readFeed } from './client/feed-link.ts';
import { take } from './client/known-rows.ts';
import { enter, entry } from './client/tab-session.ts';

// The router reads an address as text, and one that is none would end the page.
if (textOf(location.pathname) === undefined) history.replaceState(null, '', '/not-an-address');
const place = document.getElementById('app');
if (place === null) throw new Error('expected the element #app in index.html');
render(<App />, place);
await enter();
const stop = effect(() => {
  if (entry.value.is !== 'in') return;
  readFeed(take);
  // Only once: it comes back by itself.
  queueMicrotask(() => stop());
});

/** Answers the text itself: a call whose result nobody uses is left out of the compiled page, with what it throws. */
function textOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
