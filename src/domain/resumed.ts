/** What is said of a run that goes on from the work of the one before. Pure. */

import { driverWords } from './conflicts.ts';
import { solveConflicts } from './ladder.ts';
import type { ResumedWork } from './steps.ts';

export interface ResumedWords {
  /** For people. */
  readonly note: string;
  /** For the agent; absent where there is nothing in its workspace. */
  readonly feedback?: string;
}

export function resumedWords(resumed: ResumedWork, base: string): ResumedWords {
  const commit = resumed.commit.slice(0, 7);
  if (resumed.kind === 'unrelated')
    return {
      note: `begins without the work of the run before (${commit}): it has nothing in common with ${base}`,
    };
  const note = `goes on from the work of the run before (${commit})`;
  const feedback =
    'Your workspace holds the work of the run before this one: look at it first, then go on from it.';
  if (resumed.kind === 'resumed') return { note, feedback };
  const files = `${resumed.files.join(', ')}${driverWords(resumed.drivers)}`;
  const message = `That work conflicts with ${base} as it is now in ${files}`;
  return {
    note: `${note}, which conflicts with ${base} in ${files}`,
    feedback: `${feedback} ${solveConflicts({ class: 'conflict', message })}`,
  };
}
