/** What is kept of calls under a key, so that the same call again is answered as the first time. */
import { z } from 'zod';

/** Each key stays: `z.record` drops `__proto__` without a word. */
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One line of the file: the latest of a key counts, and one without `note` and `answer` frees it. */
export const KeptCall = z.object({
  /** Of the key in its scope (`keyIdOf`). */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since 1970. */
  at: z.int(),
  /** Digest of what was asked: another request under the key is a conflict. */
  request: z.string(),
  /** Of a call that may have acted and has no answer yet: how it was before, by what was looked at. */
  note: z.custom<Record<string, unknown>>(isObject, 'expected an object').optional(),
  answer: z.unknown().optional(),
});
export type KeptCall = z.infer<typeof KeptCall>;

/** `flushed`: on disk when it settles; else it survives the end of this process, and not that of the machine. */
export type Durability = 'flushed' | 'written';

export interface KeptCalls {
  /** undefined for a key that was not used, was freed, or is older than is kept. */
  find(id: string): Promise<KeptCall | undefined>;
  /** In place of what was kept of the key. @throws PawlError `unavailable` where it cannot be written */
  put(call: Omit<KeptCall, 'at'>, durability: Durability): Promise<void>;
}
