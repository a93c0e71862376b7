/** What each way to steer an execution is made of. */
import type { Act, SteerExecution } from './execution-messages.ts';
import type { Execution, Sent } from './execution-record.ts';

export type ActOf<K extends Act['act']> = Extract<Act, { readonly act: K }>;

/** Who asks for it. */
type Sender = Omit<SteerExecution, 'steer' | 'via'>;
/** The same, with how and when it came. */
export type Signed = Sender & Sent;

export interface Rule<K extends Act['act']> {
  /** Why it may not be done, in one sentence with what to do instead; undefined where it may. */
  readonly problem: (execution: Execution, act: ActOf<K>, said: Sender) => string | undefined;
  /** Done twice it changes nothing more. */
  readonly apply: (execution: Execution, act: ActOf<K>, said: Signed) => void;
  /** In words, where only who may decide does it. */
  readonly decision?: string;
}
