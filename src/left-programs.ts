/**
 * The programs that a dead worker of a home left at work, for the next worker and for `pawl down`: found by the journal,
 * ended by their marks. Nothing of Temporal is loaded here.
 */
import { endPrograms } from './activities/end-programs.ts';
import type { Journal, JournalOwner, LeftOver } from './activities/ports/journal-port.ts';
import { createJournal } from './adapters/files/journal.ts';
import { createWorkers, type Workers } from './adapters/files/workers.ts';
import {
  endMarked,
  isRunning,
  markedProcesses,
  type ProcessIdentity,
} from './adapters/programs/processes.ts';
import { type Places, placesIn } from './config.ts';
import { placeOfMark } from './domain/marks.ts';
import { hostIdOf } from './engine/home.ts';

/** What is left of a killed worker's programs gets this long to end by itself. */
const GRACE_MS = 2_000;

/** @param killed was seen to have ended: the kernel frees the lock of its worker a moment later */
export const journalOf = (places: Places, workers: Workers, killed?: ProcessIdentity): Journal => {
  const isKilled = ({ pid, startedAt }: JournalOwner) =>
    pid === killed?.pid && startedAt === killed.startedAt;
  return createJournal(places.journal, (owner) => {
    if (isKilled(owner)) return false;
    return owner.worker === undefined ? isRunning(owner) : workers.isRunning(owner.worker);
  });
};

export const endLeftMarked = (mark: string): Promise<readonly number[]> => endMarked(mark, GRACE_MS);

/** Processes of one step. */
export interface LeftPrograms {
  /** As people call it: `attempt 2 of fix-login`. */
  readonly of: string;
  readonly pids: readonly number[];
}

export interface EndedPrograms {
  readonly ended: readonly LeftPrograms[];
  /** What could not be ended, with the reason. */
  readonly left: readonly (LeftPrograms & { readonly reason: string })[];
}

/**
 * Ends them as the next worker would. What the journal has is left to that one, which settles each step as after any crash.
 * @param killed the engine that was killed just now
 */
export async function endLeftPrograms(home: string, killed?: ProcessIdentity): Promise<EndedPrograms> {
  const places = placesIn(home);
  const workers = createWorkers(places);
  const host = hostIdOf(home);
  const ended: LeftPrograms[] = [];
  const left: EndedPrograms['left'][number][] = [];
  const runOn = (of: string, mark: string, error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    left.push({ of, pids: markedProcesses(mark), reason });
  };
  const end = async (leftOver: LeftOver) => {
    const of = placeOfMark(host, leftOver.mark) ?? leftOver.mark;
    try {
      ended.push({ of, pids: (await endPrograms(leftOver, endLeftMarked)) ?? [] });
    } catch (error) {
      runOn(of, leftOver.mark, error);
    }
  };
  await workers.exclusively(async () => {
    try {
      await Promise.all(oncePerMark(await journalOf(places, workers, killed).leftOvers()).map(end));
    } catch (error) {
      runOn('steps of this home', host, error);
    }
  });
  return { ended: ended.filter(some), left: left.filter(some) };
}

/** Two tries of a step have the same mark. */
const oncePerMark = (leftOvers: readonly LeftOver[]): readonly LeftOver[] => [
  ...new Map(leftOvers.map((leftOver) => [leftOver.mark, leftOver])).values(),
];

const some = ({ pids }: LeftPrograms): boolean => pids.length > 0;
