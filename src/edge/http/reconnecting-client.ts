/**
 * The engine of a home for a process that outlives it: found when it is needed, and looked for again once it cannot be
 * reached, because the next one may answer elsewhere.
 */
import { callNamed, callsBy } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import type { EngineClient } from '../../domain/operations.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import type { Fetch } from './pooled-fetch.ts';
import { eventsOverHttp, executionStatesOverHttp, newsOverHttp } from './stream-client.ts';

export interface ReconnectingClient extends EngineClient, Pick<ApiClient, 'ask'> {
  /** Opens a connection of its own, which all calls then use. @throws PawlError `unavailable` */
  reconnect(): Promise<void>;
  /**
   * After a failure: finds the engine anew, whatever was counted against the one before, and waits until it is seen to answer.
   * Of several at once one looks.
   * @throws PawlError `unavailable`
   */
  lookAgain(): Promise<void>;
}

export interface Reach {
  readonly api: string;
  readonly token: string;
  /** Which process answers there: the next one may do so at the same address. */
  readonly pid: number;
  readonly startedAt: string;
  /** Named by its address (`PAWL_URL`), whichever process that is. */
  readonly isElsewhere?: boolean;
}

/**
 * @param find where the engine is now; may start one. What it throws is what the caller gets
 * @param fetchFor how an engine that was found is asked. Default: by `fetch`
 */
export function createReconnectingClient(
  find: () => Promise<Reach>,
  signal: AbortSignal,
  fetchFor: () => Fetch | undefined = () => undefined,
): ReconnectingClient {
  let found: Promise<ApiClient> | undefined;
  let last: { readonly reach: Reach; readonly calls: ApiClient } | undefined;
  const engineAt = (reach: Reach, own: Fetch | undefined): ApiClient => {
    // One that lives and does not answer is the same one with the same failures: its circuit breaker goes on counting.
    if (own === undefined && last !== undefined && isSame(last.reach, reach)) return last.calls;
    const { api, token, pid, isElsewhere = false } = reach;
    const fetch = own ?? fetchFor();
    const far = { api, token, isElsewhere, ...(!isElsewhere && { pid }), ...(fetch && { fetch }) };
    last = { reach, calls: createApiClient({ ...far, signal }) };
    return last.calls;
  };
  const look = (own?: Fetch): Promise<ApiClient> => {
    const looked = find().then((reach) => engineAt(reach, own));
    found = looked;
    // Whoever waits for it is told; the next call looks again.
    looked.catch(() => {
      if (found === looked) found = undefined;
    });
    return looked;
  };
  const unlessGone = (engine: Promise<ApiClient>, error: unknown): never => {
    // Another call may have found the next one already.
    const isGone = error instanceof PawlError && error.code === 'unavailable';
    if (isGone && found === engine) found = undefined;
    throw error;
  };
  const over = async <T>(engine: Promise<ApiClient>, act: (client: ApiClient) => Promise<T>): Promise<T> => {
    try {
      return await act(await engine);
    } catch (error) {
      return unlessGone(engine, error);
    }
  };
  async function* once<T>(open: (engine: ApiClient) => AsyncIterable<T>): AsyncGenerator<T> {
    const engine = found ?? look();
    try {
      yield* open(await engine);
    } catch (error) {
      unlessGone(engine, error);
    }
  }
  const until = (own: AbortSignal) => AbortSignal.any([signal, own]);
  let looking: Promise<void> | undefined;
  const lookAnew = async (): Promise<void> => {
    // Its circuit breaker has waited long enough: whoever looks again has done so too.
    last = undefined;
    await over(look(), (client) => client.isThere());
  };
  return {
    ...callsBy(
      (name) => (input, context) =>
        over(found ?? look(), (client) => callNamed(client, name)(input, context)),
    ),
    ask: (ask) => over(found ?? look(), (client) => client.ask(ask)),
    news: (id, own, onAway) =>
      newsOverHttp(() => once((engine) => engine.newsOnce(id, own)), until(own), onAway),
    executionStates: (id, own, onAway) =>
      executionStatesOverHttp(() => once((engine) => engine.executionNewsOnce(id, own)), until(own), onAway),
    events: (after, own) =>
      eventsOverHttp((last) => once((engine) => engine.eventsOnce(last, own)), after, until(own)),
    async reconnect() {
      // Seldom needed, and most adapters are idle.
      const { createPooledFetch } = await import('./pooled-fetch.ts');
      await over(look(createPooledFetch()), (client) => client.vitals({}));
    },
    lookAgain() {
      looking ??= lookAnew().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
}

const isSame = (one: Reach, other: Reach): boolean =>
  one.api === other.api &&
  one.token === other.token &&
  one.pid === other.pid &&
  one.startedAt === other.startedAt;
