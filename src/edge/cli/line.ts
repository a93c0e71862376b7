/** A line of what has happened, for a person: with a key that stays, so that a reader is told it once. */
/** `left`: ended without having come to anything, and without having failed. */
export type Mark = 'title' | 'done' | 'failed' | 'left' | 'waiting' | 'warning';

export interface Line {
  readonly key: string;
  readonly mark: Mark;
  readonly label: string;
  readonly text: string;
  /** What stands at the end: a duration, mostly. */
  readonly note?: string;
}
