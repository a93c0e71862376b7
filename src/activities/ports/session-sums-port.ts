/** What the activities remember of sessions whose agents tell a sum and not what one attempt has used. */
import type { SessionSum } from '../../domain/session-usage.ts';

export interface SessionSums {
  /** What was noted last, in all attempts of the task; undefined where nothing was. */
  of(task: string, session: string): Promise<SessionSum | undefined>;
  /** On disk when it settles; lasts as long as the scratch folders of the task. */
  note(task: string, session: string, sum: SessionSum): Promise<void>;
}
