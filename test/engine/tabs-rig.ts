/** The way into the dashboard on a real home, with a clock of the test's own. */
import { createDocumentStore } from '../../src/adapters/files/document-store.ts';
import { placesIn } from '../../src/config.ts';
import { callNamed, callsOf } from '../../src/domain/calls.ts';
import type { CallOf, Handlers, OutputOf } from '../../src/domain/operations.ts';
import { type Caller, localCaller } from '../../src/domain/scopes.ts';
import { KeptToken } from '../../src/domain/tokens.ts';
import { callersOf } from '../../src/edge/http/authentication.ts';
import { createDashboardCodes } from '../../src/engine/dashboard-codes.ts';
import { secretOf } from '../../src/engine/home.ts';
import { createNamedTokens } from '../../src/engine/named-tokens.ts';
import { createTabTokens, withTabs } from '../../src/engine/tab-tokens.ts';
import { scratchFolder } from '../adapters/scratch-repository.ts';

export const LOCAL = 'the-token-of-the-local-user';
export const ANN = localCaller('ann');
export const START = '2026-01-01T00:00:00.000Z';
/** A clock that stands still until it is told to go. */
export function clock() {
  let now = new Date(START);
  return {
    now: () => now,
    pass: (minutes: number) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
  };
}

interface Started {
  readonly home?: string;
  readonly localToken?: string;
  readonly now?: () => Date;
}

/** What an engine has of this, begun in a home. */
export function startTabs({
  home = scratchFolder('home'),
  localToken = LOCAL,
  now = clock().now,
}: Started = {}) {
  const kept = createDocumentStore(placesIn(home).tokens, KeptToken);
  const secret = secretOf(home);
  const named = createNamedTokens({ secret, kept, localUser: 'ann', now });
  const tabs = createTabTokens(secret, localToken);
  const { problemOfToken } = named;
  const url = () => 'http://127.0.0.1:8100';
  const codes = createDashboardCodes({ tabs, problemOfToken, local: ANN, url, now });
  const callerOf = callersOf(
    { token: localToken, name: 'ann' },
    withTabs(tabs, problemOfToken, named.callerOf, now),
  );
  const handlers = { ...named.calls, ...codes.calls } as Handlers;
  type Known = keyof typeof named.calls | keyof typeof codes.calls;
  const call = <N extends Known>(caller: Caller, name: N, input: CallOf<N>) =>
    callNamed(callsOf(caller, handlers), name)(input) as Promise<OutputOf<N>>;
  return {
    home,
    callerOf,
    open: codes.open,
    call,
    link: (caller: Caller = ANN, input: CallOf<'dashboard'> = {}) => call(caller, 'dashboard', input),
    /** Who has a token, as a caller. */
    async holder(token: string): Promise<Caller> {
      const caller = await callerOf(token);
      if ('problem' in caller) throw new Error(caller.problem);
      return caller;
    },
  };
}
