/** What the activities need to match what a loop's author wrote, which may be slow to match: nothing else waits for it. */
import type { TooSlow } from '../../domain/executions/guarantee-facts.ts';

export interface Matcher {
  /** Those of the paths that a glob matches. */
  paths(glob: string, paths: readonly string[]): Promise<readonly string[] | TooSlow>;
  /** Whether a regular expression (`m`, `u`) matches, of each text. */
  texts(pattern: string, texts: readonly string[]): Promise<readonly (boolean | TooSlow)[]>;
}
