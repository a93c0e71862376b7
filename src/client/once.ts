/** Calls under a key: made once, and answered as the first time when they are made again. */
import { callNamed, callsBy } from '../domain/calls.ts';
import { digestOf } from '../domain/digest.ts';
import { PawlError } from '../domain/failures.ts';
import { holderOf, KEY_HEADER, type Keyed, type KeyScope, keyIdOf } from '../domain/idempotency-key.ts';
import type { KeptCalls } from '../domain/kept-call.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Operation } from '../domain/operation-schemas.ts';
import { type Handlers, operations } from '../domain/operations.ts';
import type { Caller } from '../domain/scopes.ts';
import { createKeyedMutex } from './keyed-mutex.ts';

/**
 * Carries a call out under its key, or answers what it was answered before. Of two at once the second waits for the first. A
 * refusal, and `unavailable`, are not kept: the key is free after a refusal, and after `unavailable` the same call goes on.
 * @param asked all that makes it this call and no other
 * @throws PawlError `conflict` where the key was used for another call; whatever `act` throws
 */
export type Once = <T>(scope: KeyScope, asked: unknown, act: (keyed: Keyed) => Promise<T>) => Promise<T>;

export function createOnce(kept: KeptCalls): Once {
  const inTurn = createKeyedMutex();
  return (scope, asked, act) => {
    const id = keyIdOf(scope);
    return inTurn(id, () => once(kept, { id, request: digestOf(asked) }, act));
  };
}

async function once<T>(
  kept: KeptCalls,
  call: { readonly id: string; readonly request: string },
  act: (keyed: Keyed) => Promise<T>,
): Promise<T> {
  const before = await kept.find(call.id);
  if (before !== undefined && before.request !== call.request) throw USED();
  // As an earlier call with the same request was answered, by the same `act`.
  if (before?.answer !== undefined) return before.answer as T;
  let note = before?.note;
  const keyed: Keyed = {
    id: call.id,
    notes: { ...note },
    async note<N>(name: string, look: () => Promise<N>): Promise<N> {
      if (note !== undefined && Object.hasOwn(note, name)) return note[name] as N; // as an earlier call found it, by the same `look`
      const found = await look();
      const more = { ...note, [name]: found };
      await kept.put({ ...call, note: more }, 'flushed');
      note = more;
      return found;
    },
  };
  const answer = await act(keyed).catch(async (error: unknown) => {
    if (note !== undefined && isRefusal(error)) await kept.put(call, 'written');
    throw error;
  });
  // It is done, and said to be. From a note that is on disk the same call goes on, so its answer needs no flush of its own.
  if (JSON.stringify(answer).length <= LIMITS.keptAnswerCharsMax)
    await kept.put({ ...call, answer }, note === undefined ? 'flushed' : 'written');
  return answer;
}

const USED = (): PawlError =>
  new PawlError(
    'conflict',
    `${KEY_HEADER}: this key was used for another call, or for this one with another input: choose a new key for a new call`,
  );

/** What was thrown before anything was changed; of anything else nobody knows how far it came. */
const isRefusal = (error: unknown): boolean =>
  error instanceof PawlError && error.code !== 'unavailable' && error.code !== 'internal';

/**
 * The same calls, each once under its key where it has one.
 * @param local whose calls are those that name no caller
 */
export const withKeys = (calls: Handlers, once: Once, local: Caller): Handlers =>
  callsBy((name) => async (input, context = {}) => {
    const { key, caller = local, session } = context;
    const call = callNamed(calls, name);
    if (key === undefined) return call(input, context);
    refuseKeyless(operations[name]);
    const asked = { operation: name, input };
    return once({ caller: holderOf(caller), session, key }, asked, (keyed) =>
      call(input, { ...context, keyed }),
    );
  });

/** @throws PawlError `invalid_input` where a key would promise what nobody keeps */
function refuseKeyless({ method, keyless, path }: Operation): void {
  const why = method === 'GET' ? 'it changes nothing, and is answered as things stand' : keyless;
  if (why === undefined) return;
  throw new PawlError('invalid_input', `${KEY_HEADER}: expected none with ${method} ${path}: ${why}`, {
    details: [[KEY_HEADER]],
  });
}
