/**
 * The latest states of tasks, as the worker in this process tells them: who shows or follows a task asks no workflow. A
 * bounded cache; what it lacks is asked for once, whoever waits for it.
 */
import { isClosed, type TaskState } from '../domain/task-state.ts';

/** The least recently used go first. A state is a few kilobytes. */
const STATES_MAX = 1_000;

export interface TaskStates {
  /** The task as it is now. */
  told(state: TaskState): void;
  /** What the task's step waits for; undefined once it waits no more. */
  waits(id: string, what: string | undefined): void;
  /** What is known of the task may not be true any more: the next reader asks. */
  forget(id: string): void;
  /** The state as it is known, else as `load` answers, which is called once for all who ask at the same time. */
  read(id: string, load: () => Promise<TaskState>): Promise<TaskState>;
  /** For how many milliseconds it has been known so; undefined where it is not known. */
  ageOf(id: string): number | undefined;
}

interface Known {
  readonly state: TaskState;
  readonly since: number;
  /** With what its step waits for: one object as long as nothing changes, so that it is rendered once. */
  shown?: TaskState;
}

/** @param onChange hears of each task of which something else is known from now on, or nothing */
export function createTaskStates(
  onChange: (id: string) => void,
  { statesMax = STATES_MAX, now = () => performance.now() } = {},
): TaskStates {
  const known = new Map<string, Known>();
  const waits = new Map<string, string>();
  const loading = new Map<string, Promise<TaskState>>();

  const put = (one: Known) => {
    known.delete(one.state.id);
    known.set(one.state.id, one);
    for (const oldest of known.keys()) {
      if (known.size <= statesMax) break;
      known.delete(oldest);
    }
  };
  const shownOf = (one: Known): TaskState => {
    const { state } = one;
    const waitingFor = waits.get(state.id);
    one.shown ??= waitingFor === undefined || isClosed(state.status) ? state : { ...state, waitingFor };
    return one.shown;
  };
  return {
    told(state) {
      loading.delete(state.id);
      put({ state, since: now() });
      onChange(state.id);
    },
    waits(id, what) {
      if (waits.get(id) === what) return;
      if (what === undefined) waits.delete(id);
      else waits.set(id, what);
      const one = known.get(id);
      if (one !== undefined) known.set(id, { state: one.state, since: one.since });
      onChange(id);
    },
    forget(id) {
      loading.delete(id);
      known.delete(id);
      waits.delete(id);
      onChange(id);
    },
    async read(id, load) {
      const one = known.get(id);
      if (one !== undefined) {
        put(one);
        return shownOf(one);
      }
      const asked = loading.get(id) ?? load();
      loading.set(id, asked);
      try {
        const state = await asked;
        // Where it was told or forgotten meanwhile, what was asked is older.
        if (loading.get(id) === asked) put({ state, since: now() });
        const latest = known.get(id);
        return latest === undefined ? state : shownOf(latest);
      } finally {
        if (loading.get(id) === asked) loading.delete(id);
      }
    },
    ageOf(id) {
      const one = known.get(id);
      return one && now() - one.since;
    },
  };
}
