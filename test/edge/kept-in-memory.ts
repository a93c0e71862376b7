/** Calls under a key that are kept for a test; the engine may die before an answer is kept. */
import { createOnce } from '../../src/client/once.ts';
import { PawlError } from '../../src/domain/failures.ts';
import type { KeptCall, KeptCalls } from '../../src/domain/kept-call.ts';
import type { EngineApi } from '../../src/domain/operations.ts';

export const DIED = 'the engine died here';

export function keptInMemory() {
  const calls = new Map<string, KeptCall>();
  const rig = {
    calls,
    /** How many answers are lost before one is kept. */
    lost: 0,
  };
  const kept: KeptCalls = {
    find: async (id) => structuredClone(calls.get(id)),
    async put(call) {
      if (call.answer !== undefined && rig.lost > 0) {
        rig.lost -= 1;
        throw new PawlError('unavailable', DIED);
      }
      if (call.answer === undefined && call.note === undefined) calls.delete(call.id);
      else calls.set(call.id, JSON.parse(JSON.stringify({ ...call, at: Date.now() })));
    },
  };
  return Object.assign(rig, { kept, once: createOnce(kept) });
}

export const keepingHere = () => ({ kind: 'here', once: keptInMemory().once, caller: 'ann' }) as const;

/** The same engine, where tools can be called under a key. */
export const keeping = <E extends EngineApi>(engine: E) => ({ ...engine, once: keptInMemory().once });
