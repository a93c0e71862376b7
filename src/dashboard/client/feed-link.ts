/**
 * The engine's feed over one WebSocket: a snapshot, then each change. When the connection is lost it says since when, comes back
 * by itself and goes on behind the last event that it has, so that what the page shows is either live or said not to be.
 */
import { signal } from '@preact/signals';
import type { FeedEvent } from '../../domain/events.ts';
import { ask } from './ask.ts';
import { entry } from './tab-session.ts';

export type Link =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  | { readonly is: 'away'; readonly since: number; readonly why: string };

export const link = signal<Link>({ is: 'connecting' });

const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];

type Message = { readonly number: string; readonly event: FeedEvent } | { readonly aliveMs: number };

/** So much longer than promised may the engine be silent: it may have much to do, and so may this tab. */
const PATIENCE = 2.5;
/** How long the first word may take, and a ticket. */
const OPENING_MS = 10_000;

/** Tells `onEvent` everything until the page is closed. Called once. */
export function readFeed(onEvent: (event: FeedEvent) => void): void {
  let last: string | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let silentMs = OPENING_MS;
  let isConnecting = false;
  let socket: WebSocket | undefined;

  const away = (why: string) => {
    clearTimeout(silence);
    clearTimeout(retry);
    // Of a connection that leads nowhere the browser hears for minutes that it is open.
    socket?.close();
    socket = undefined;
    if (entry.value.is !== 'in') return;
    if (link.value.is !== 'away') link.value = { is: 'away', since: Date.now(), why };
    retry = setTimeout(() => void connect(), RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  };

  const listen = (opened: WebSocket) => {
    const isCurrent = () => socket === opened;
    const expectWord = () => {
      clearTimeout(silence);
      silence = setTimeout(() => isCurrent() && away('the engine is silent'), silentMs);
    };
    expectWord();
    opened.addEventListener('message', ({ data }) => {
      if (!isCurrent()) return;
      const message = JSON.parse(data) as Message;
      if ('aliveMs' in message) silentMs = message.aliveMs * PATIENCE;
      expectWord();
      failures = 0;
      if (link.value.is !== 'live') link.value = { is: 'live' };
      if ('aliveMs' in message) return;
      last = message.number;
      onEvent(message.event);
    });
    opened.addEventListener('close', ({ reason }) => {
      if (isCurrent()) away(reason === '' ? 'the connection was lost' : reason);
    });
  };

  const connect = async () => {
    if (isConnecting || socket !== undefined) return;
    isConnecting = true;
    clearTimeout(retry);
    try {
      const inTime = AbortSignal.timeout(OPENING_MS);
      const { ticket } = await ask<{ ticket: string }>('POST', '/api/tickets', {}, undefined, inTime);
      const query = new URLSearchParams({ ticket, ...(last !== undefined && { after: last }) });
      socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws?${query}`);
      silentMs = OPENING_MS;
      listen(socket);
    } catch (error) {
      away((error as Error).message);
    } finally {
      isConnecting = false;
    }
  };

  addEventListener('online', () => away('the network has changed'));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && entry.value.is === 'in') void connect();
  });
  void connect();
}
