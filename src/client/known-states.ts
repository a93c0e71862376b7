/**
 * The latest states of workflows of one type, as workers tell them: who shows or follows a task asks no workflow. A
 * bounded cache; what it lacks is asked for once, whoever waits for it.
 */
import type { Readable } from './read-state.ts';

/** The least recently used go first. A state is a few kilobytes. */
const STATES_MAX = 1_000;

interface Identified extends Readable {
  readonly id: string;
}

export interface KnownStates<S extends Identified> {
  /** How it is now. */
  told(state: S): void;
  /** What its step waits for; undefined once it waits no more. */
  waits(id: string, what: string | undefined): void;
  /** What was told last that its step waits for. */
  waitOf(id: string): string | undefined;
  /** What is known of it may not be true any more: the next reader asks. */
  forget(id: string): void;
  /** The same, but that its step waits for what it does; without an id, of all. */
  doubt(id?: string): void;
  /** The state as it is known, else as `load` answers, which is called once for all who ask at the same time. */
  read(id: string, load: () => Promise<S>): Promise<S>;
  /** For how many milliseconds it has been known so; undefined where it is not known. */
  ageOf(id: string): number | undefined;
}

interface Known<S> {
  readonly state: S;
  readonly since: number;
  /** With what its step waits for: one object as long as nothing changes, so that it is rendered once. */
  shown?: S;
}

export interface KnownStatesOptions<S extends Identified> {
  readonly isClosed: (status: S['status']) => boolean;
  readonly statesMax?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** @param onChange hears of each of which something else is known from now on, or nothing */
export function createKnownStates<S extends Identified>(
  onChange: (id: string) => void,
  { isClosed, statesMax = STATES_MAX, now = () => performance.now() }: KnownStatesOptions<S>,
): KnownStates<S> {
  const known = new Map<string, Known<S>>();
  const waits = new Map<string, string>();
  const loading = new Map<string, Promise<S>>();

  const put = (one: Known<S>) => {
    known.delete(one.state.id);
    known.set(one.state.id, one);
    for (const oldest of known.keys()) {
      if (known.size <= statesMax) break;
      known.delete(oldest);
    }
  };
  const shownOf = (one: Known<S>): S => {
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
    waitOf: (id) => waits.get(id),
    forget(id) {
      loading.delete(id);
      known.delete(id);
      waits.delete(id);
      onChange(id);
    },
    doubt(id) {
      for (const one of id === undefined ? [...known.keys(), ...loading.keys()] : [id]) {
        loading.delete(one);
        known.delete(one);
      }
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
