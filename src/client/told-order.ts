/**
 * Which of two states is the later one, where several workers tell of a task: one that was stopped while it worked on it tells
 * afterwards, of what another worker has done anew since.
 */

/** The oldest are forgotten. */
const TASKS_MAX = 10_000;

/** When in its history a workflow was so. */
export interface Moment {
  /** When its run began, in ISO 8601. */
  readonly run: string;
  /** Events of the run by then. */
  readonly events: number;
}

export interface ToldOrder {
  /** Whether the state that a worker tells is surely the latest. Of the first of a task nobody knows: an earlier one may have been lost. */
  isLatest(id: string, worker: string, moment: Moment): boolean;
  clear(): void;
}

export function createToldOrder(tasksMax = TASKS_MAX): ToldOrder {
  const latest = new Map<string, { readonly worker: string; readonly moment: Moment }>();
  return {
    isLatest(id, worker, moment) {
      const known = latest.get(id);
      const order = known === undefined ? 1 : compare(moment, known.moment);
      if (order < 0) return false;
      latest.delete(id);
      latest.set(id, { worker, moment });
      for (const oldest of latest.keys()) {
        if (latest.size <= tasksMax) break;
        latest.delete(oldest);
      }
      // Tries of one workflow task that were all lost have the same place in history.
      return known !== undefined && (order > 0 || known.worker === worker);
    },
    clear: () => latest.clear(),
  };
}

const compare = (one: Moment, other: Moment): number =>
  one.run === other.run ? one.events - other.events : Date.parse(one.run) - Date.parse(other.run);
