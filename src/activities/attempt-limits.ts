/**
 * Decides when an attempt has taken too long: in all, or because neither its output nor its files change any more. Pure
 * but for what it was told; the clock is an argument.
 */

export interface StallWatch {
  /** The agent said something. */
  sawOutput(): void;
  /** The tree of the workspace as it is now; only another one than last time is a sign of life. */
  sawTree(tree: string): void;
  /** `timeout` wins over `stalled`; undefined while all is well. */
  verdict(): 'timeout' | 'stalled' | undefined;
  /** Until the first limit, if nothing more is seen; never below zero. */
  remainingMs(): number;
}

/** Both limits count from the moment of this call. */
export function createStallWatch({
  now,
  stallMsMax,
  wallMsMax,
}: {
  readonly now: () => number;
  readonly stallMsMax: number;
  readonly wallMsMax: number;
}): StallWatch {
  const startedAt = now();
  let aliveAt = startedAt;
  let lastTree: string | undefined;
  return {
    sawOutput() {
      aliveAt = now();
    },
    sawTree(tree) {
      // The first one only tells what to compare with.
      if (lastTree !== undefined && tree !== lastTree) aliveAt = now();
      lastTree = tree;
    },
    verdict() {
      if (now() - startedAt >= wallMsMax) return 'timeout';
      return now() - aliveAt >= stallMsMax ? 'stalled' : undefined;
    },
    remainingMs: () => Math.max(0, Math.min(startedAt + wallMsMax, aliveAt + stallMsMax) - now()),
  };
}
