/** What an execution has under way beside its messages: looks of the engine, tasks. Each kind is begun, counted and ended alike. */
export interface UnderWay {
  /** Begins what is due and not under way. */
  begin(): void;
  /** How many have come to something. */
  seen(): number;
  isQuiet(): boolean;
  /** Nobody needs what they would come to any more. Comes back when they have stopped. */
  end(): Promise<void>;
}

/** Several kinds as one. */
export const together = (...kinds: readonly UnderWay[]): UnderWay => ({
  begin() {
    for (const kind of kinds) kind.begin();
  },
  seen: () => kinds.reduce((sum, kind) => sum + kind.seen(), 0),
  isQuiet: () => kinds.every((kind) => kind.isQuiet()),
  async end() {
    await Promise.all(kinds.map((kind) => kind.end()));
  },
});
