/**
 * Several workers of one home look after each other: what one that dies has left is settled by another within a second,
 * instead of when the dead one comes back or a heartbeat is missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type RecoveryDeps, recoverLeftOvers, recoverUnnoted } from '../activities/recovery.ts';
import type { Workers } from '../adapters/files/workers.ts';

const LOOK_MS = 1_000;

/** Settles what dead workers of the home left. @returns how many steps that were */
export async function settleLost(workers: Workers, recovery: RecoveryDeps): Promise<number> {
  // Only those that were dead before: of one that dies now the journal was not read to its end.
  const ids = workers.lost();
  const settled = await recoverLeftOvers(recovery);
  const unnoted = ids.length === 0 ? 0 : await recoverUnnoted(recovery, ids);
  workers.forget(ids);
  return settled + unnoted;
}

/**
 * @param onNotice hears of settled left-overs, and once of each reason why they cannot be settled
 * @returns ends the watch and waits for what it is at
 */
export function watchPeers(
  workers: Workers,
  recovery: RecoveryDeps,
  onNotice: (line: string) => void,
): () => Promise<void> {
  const stop = new AbortController();
  let trouble: string | undefined;
  const look = async () => {
    if (workers.lost().length === 0) return;
    const settled = await settleLost(workers, recovery);
    if (settled > 0) onNotice(`another worker died: settled ${settled} of its steps`);
  };
  const watching = (async () => {
    while (!stop.signal.aborted) {
      try {
        await look();
        trouble = undefined;
      } catch (error) {
        // Temporal may be away; the next look tries again.
        const words = error instanceof Error ? error.message : String(error);
        if (words !== trouble) onNotice(`what another worker left cannot be settled yet: ${words}`);
        trouble = words;
      }
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return () => {
    stop.abort();
    return watching;
  };
}
