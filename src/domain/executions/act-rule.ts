/** What each way to steer an execution is made of. */
import type { Act } from './execution-messages.ts';
import type { Execution } from './execution-record.ts';

export type ActOf<K extends Act['act']> = Extract<Act, { readonly act: K }>;

export interface Rule<K extends Act['act']> {
  /** Why it may not be done, in one sentence with what to do instead; undefined where it may. */
  readonly problem: (execution: Execution, act: ActOf<K>) => string | undefined;
  /** Done twice it changes nothing more. */
  readonly apply: (
    execution: Execution,
    act: ActOf<K>,
    said: { readonly by: string; readonly now: string },
  ) => void;
  /** In words, where only who may decide does it. */
  readonly decision?: string;
}
