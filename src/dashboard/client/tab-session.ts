/**
 * Who looks at the page. A link of `pawl dashboard` carries a one-time code in its fragment, which no server is sent; the page
 * changes it for a token of this tab. No cookie, because all ports of a host share them.
 */
import { signal } from '@preact/signals';
import { problemOf } from './problems.ts';

export interface Session {
  readonly token: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
}

export type Entry =
  | { readonly is: 'asking' }
  | { readonly is: 'in'; readonly session: Session }
  /** `why` is for people; absent where nothing was tried. */
  | { readonly is: 'out'; readonly why?: string };

const KEPT = 'pawl session';

export const entry = signal<Entry>({ is: 'asking' });

export const mayDo = (scope: string): boolean =>
  entry.value.is === 'in' && entry.value.session.scopes.includes(scope);

/** Uses the code of the address, else what this tab had, else what another tab has. Called once, before the page is drawn. */
export async function enter(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  const found = code === null ? (readKept() ?? (await askOtherTabs())) : await useCode(code);
  entry.value =
    found === undefined
      ? { is: 'out' }
      : found instanceof Error
        ? { is: 'out', why: found.message }
        : took(found);
  answerOtherTabs();
}

/** A link is used once; a tab that got in before may stay with what it has. */
async function useCode(code: string): Promise<Session | Error> {
  // A code that was used is of no use to who looks over a shoulder; and going back must not use it twice.
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const response = await fetch('/api/dashboard/tokens', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as Session;
  } catch (error) {
    return readKept() ?? (error as Error);
  }
}

function took(session: Session): Entry {
  sessionStorage.setItem(KEPT, JSON.stringify(session));
  return { is: 'in', session };
}

/**
 * Tabs of this very origin, its port among it, hear each other. So a link that is opened in a new tab leads in; nothing is kept
 * on disk, and where no tab is open any more nobody is let in.
 */
const between = new BroadcastChannel(KEPT);
const ASKED = 'who has a session?';
/** Another tab answers at once, or there is none. */
const ANSWER_MS = 300;

function askOtherTabs(): Promise<Session | undefined> {
  const { promise, resolve } = Promise.withResolvers<Session | undefined>();
  between.onmessage = ({ data }) => data !== ASKED && resolve(data as Session);
  between.postMessage(ASKED);
  setTimeout(() => resolve(undefined), ANSWER_MS);
  return promise;
}

function answerOtherTabs(): void {
  between.onmessage = ({ data }) => {
    if (data === ASKED && entry.value.is === 'in') between.postMessage(entry.value.session);
  };
}

/** The token is not taken any more. */
export function leave(why: string): void {
  sessionStorage.removeItem(KEPT);
  entry.value = { is: 'out', why };
}

function readKept(): Session | undefined {
  const text = sessionStorage.getItem(KEPT);
  // Only this page writes it.
  return text === null ? undefined : (JSON.parse(text) as Session);
}
