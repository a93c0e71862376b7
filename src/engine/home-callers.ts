/** Everybody whom the engine of a home knows by a token: the local user, agents' attempts, those with a name, the dashboard's tabs. */
import { createDocumentStore } from '../adapters/files/document-store.ts';
import { placesIn } from '../config.ts';
import type { Handlers } from '../domain/operations.ts';
import { localCaller } from '../domain/scopes.ts';
import { KeptToken } from '../domain/tokens.ts';
import { type CallerOf, callersOf, withPlaces } from '../edge/http/authentication.ts';
import { userName } from '../user-name.ts';
import { createAttemptTokens, withAttempts } from './attempt-tokens.ts';
import { createDashboardCodes, type DashboardCodes } from './dashboard-codes.ts';
import { hostIdOf, keptTokenOf, secretOf, tokenOf } from './home.ts';
import { createNamedTokens, type NamedTokens, refuseAsLocal } from './named-tokens.ts';
import { createTabTokens, withTabs } from './tab-tokens.ts';

export interface HomeCallers {
  readonly callerOf: CallerOf;
  readonly calls: NamedTokens['calls'] & DashboardCodes['calls'];
  readonly dashboard: Pick<DashboardCodes, 'open'>;
}

export interface HomeCallersDeps {
  /** Undefined while it starts. */
  readonly engine: () => Pick<Handlers, 'show'> | undefined;
  /** Where it is reached. */
  readonly url: () => string;
  readonly onNotice: (line: string) => void;
}

/** @throws PawlError `invalid_input` for a token or a secret of the home that is none */
export function createHomeCallers(home: string, { engine, url, onNotice }: HomeCallersDeps): HomeCallers {
  const secret = secretOf(home);
  const local = { token: tokenOf(home), name: userName() };
  refuseAsLocal(local.token, keptTokenOf(home));
  const kept = createDocumentStore(placesIn(home).tokens, KeptToken, onNotice);
  const { calls, callerOf, problemOfToken } = createNamedTokens({ secret, kept, localUser: local.name });
  const tabs = createTabTokens(secret, local.token);
  const codes = createDashboardCodes({ tabs, problemOfToken, local: localCaller(local.name), url });
  const others = withAttempts(createAttemptTokens(secret), engine, callerOf);
  return {
    callerOf: withPlaces(hostIdOf(home), callersOf(local, withTabs(tabs, problemOfToken, others))),
    calls: { ...calls, ...codes.calls },
    dashboard: codes,
  };
}
