/** A call that could not be made because the engine was away, and that is kept until it is back. */
import { z } from 'zod';
import { IdempotencyKey } from './idempotency-key.ts';

export const SpooledCall = z.object({
  tool: z.string(),
  input: z.record(z.string(), z.unknown()),
  /** By which the engine makes it once, however often it is sent. */
  key: IdempotencyKey,
  /** For which its client spoke, and in which its key counts. */
  directory: z.string(),
  session: z.string(),
});
export type SpooledCall = z.infer<typeof SpooledCall>;

/** What became of it: `text` is what the engine said, for whoever made the call. */
export const Delivery = z.object({
  tool: z.string(),
  session: z.string(),
  taken: z.boolean(),
  text: z.string(),
});
export type Delivery = z.infer<typeof Delivery>;

/** In the order in which they were added, for all adapters that ask one engine as one caller. */
export interface Spool {
  /**
   * On disk when it settles.
   * @returns its place: 1 is sent first
   * @throws PawlError `unavailable` where it cannot be kept
   */
  add(call: SpooledCall): Promise<number>;
  /**
   * Sends each call in its turn, and never two at once. What `send` throws ends it, and the call stays; one that was sent when
   * this process died is sent again.
   */
  deliver(send: (call: SpooledCall) => Promise<Delivery>, signal: AbortSignal): Promise<void>;
  /** What became of calls of this session, once. */
  takeDeliveries(session: string): Promise<readonly Delivery[]>;
}
