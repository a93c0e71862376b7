/** Apart from `recovery.ts`: the command line ends what a killed engine left, and loads nothing of Temporal for it. */
import type { LeftOver } from './ports/journal-port.ts';

/** Ends what still runs of a dead worker's step. */
export async function endPrograms<T>(
  { mark, markInUse }: Pick<LeftOver, 'mark' | 'markInUse'>,
  endMarked: (mark: string) => Promise<T>,
): Promise<T | undefined> {
  // Else the check of a worker that took over from one that hung would end with the one that hung.
  return markInUse === undefined ? endMarked(mark) : undefined;
}
