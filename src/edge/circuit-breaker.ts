/**
 * Keeps calls from waiting for something that cannot be reached: after three failures in a row, or one that took long, they
 * fail at once, for 1 s doubling to 30 s; then one call, the probe, finds out whether it is back.
 */
const FAILURES_MAX = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export type Circuit =
  | { readonly phase: 'closed'; readonly failures: number }
  | { readonly phase: 'open'; readonly untilMs: number; readonly pauseMs: number }
  | { readonly phase: 'probing'; readonly pauseMs: number };

export const CLOSED: Circuit = { phase: 'closed', failures: 0 };

/** `silent`: it was waited for in vain. `given_up`: the caller left, which says nothing about the far side. */
export type Outcome = 'answered' | 'unreachable' | 'silent' | 'given_up';

export type Admission =
  | { readonly admitted: true; readonly probe: boolean; readonly circuit: Circuit }
  | { readonly admitted: false; readonly waitMs: number };

/** Pure: may a call begin now? */
export function admit(circuit: Circuit, nowMs: number): Admission {
  switch (circuit.phase) {
    case 'closed':
      return { admitted: true, probe: false, circuit };
    case 'probing':
      return { admitted: false, waitMs: circuit.pauseMs };
    case 'open': {
      const { untilMs, pauseMs } = circuit;
      if (nowMs < untilMs) return { admitted: false, waitMs: untilMs - nowMs };
      return { admitted: true, probe: true, circuit: { phase: 'probing', pauseMs } };
    }
    default:
      return circuit satisfies never;
  }
}

/** Pure: what a call that has ended makes of the circuit. While it is not closed only its probe has a say. */
export function afterCall(
  circuit: Circuit,
  { probe, outcome }: { readonly probe: boolean; readonly outcome: Outcome },
  nowMs: number,
): Circuit {
  if (circuit.phase === 'closed') {
    if (outcome === 'given_up') return circuit;
    const failures = outcome === 'answered' ? 0 : circuit.failures + 1;
    return failures < FAILURES_MAX && outcome !== 'silent'
      ? { phase: 'closed', failures }
      : opened(FIRST_PAUSE_MS, nowMs);
  }
  if (!probe || circuit.phase === 'open') return circuit;
  if (outcome === 'answered') return CLOSED;
  // A probe that was given up has found out nothing: the next call is one.
  if (outcome === 'given_up') return { phase: 'open', untilMs: nowMs, pauseMs: circuit.pauseMs };
  return opened(Math.min(circuit.pauseMs * 2, LONGEST_PAUSE_MS), nowMs);
}

const opened = (pauseMs: number, nowMs: number): Circuit => ({
  phase: 'open',
  untilMs: nowMs + pauseMs,
  pauseMs,
});

export interface CircuitBreaker {
  /** @throws what `call` throws, or what `refusal` makes where it may not begin */
  run<T>(call: () => Promise<T>): Promise<T>;
}

export interface CircuitBreakerOptions {
  readonly outcomeOf: (error: unknown) => Outcome;
  readonly refusal: (waitMs: number) => Error;
  /** What finds out whether it is back; without it the first call does. What it throws is that call's. */
  readonly probe?: () => Promise<unknown>;
  /** A clock that is never set back. */
  readonly now?: () => number;
}

export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { outcomeOf, refusal, probe: look, now = () => performance.now() } = options;
  let circuit = CLOSED;
  const counted = async <T>(probe: boolean, call: () => Promise<T>): Promise<T> => {
    const end = (outcome: Outcome) => {
      circuit = afterCall(circuit, { probe, outcome }, now());
    };
    try {
      const answer = await call();
      end('answered');
      return answer;
    } catch (error) {
      end(outcomeOf(error));
      throw error;
    }
  };
  return {
    async run(call) {
      const admission = admit(circuit, now());
      if (!admission.admitted) throw refusal(admission.waitMs);
      circuit = admission.circuit;
      if (!admission.probe || look === undefined) return counted(admission.probe, call);
      await counted(true, look);
      return counted(false, call);
    },
  };
}
