/** The circuit breaker: its decisions over every order of events, and the promise around them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Admission,
  admit,
  afterCall,
  type Circuit,
  CLOSED,
  createCircuitBreaker,
  type Outcome,
} from '../../src/edge/circuit-breaker.ts';

const outcome = fc.constantFrom<Outcome>('answered', 'unreachable', 'silent', 'given_up');
/** A call begins; or the call that is under way at this place ends so; or time goes by. */
const event = fc.oneof(
  fc.constant({ kind: 'begin' } as const),
  fc.record({ kind: fc.constant('end' as const), place: fc.nat(9), outcome }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 999, 1_000, 7_000, 31_000) }),
);
type Begun = Extract<Admission, { admitted: true }>;

it('lets no more than one probe out, and nothing before its time, whatever happens in which order', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), (events) => {
      const world = { circuit: CLOSED, nowMs: 0, underWay: [] as Begun[] };
      for (const one of events) {
        if (one.kind === 'wait') world.nowMs += one.ms;
        else if (one.kind === 'begin') begin(world);
        else end(world, one);
        expectSound(world);
      }
    }),
    { numRuns: 500 },
  );
});

interface World {
  circuit: Circuit;
  nowMs: number;
  readonly underWay: Begun[];
}

function begin(world: World): void {
  const { circuit, nowMs, underWay } = world;
  const admission = admit(circuit, nowMs);
  const due = circuit.phase === 'open' && nowMs >= circuit.untilMs;
  expect(admission.admitted).toBe(circuit.phase === 'closed' || due);
  if (admission.admitted) {
    expect(admission.probe).toBe(due);
    underWay.push(admission);
    world.circuit = admission.circuit;
    return;
  }
  expect(admission.waitMs).toBeGreaterThan(0);
  expect(admission.waitMs).toBeLessThanOrEqual(30_000);
}

/** Only three failures in a row open it, and only a probe decides from then on. */
function end(world: World, { place, outcome }: { readonly place: number; readonly outcome: Outcome }): void {
  const { circuit, nowMs, underWay } = world;
  const [ended] = underWay.splice(place % Math.max(underWay.length, 1), 1);
  if (ended === undefined) return;
  const { probe } = ended;
  const after = afterCall(circuit, { probe, outcome }, nowMs);
  if (circuit.phase === 'closed') {
    const opens = outcome === 'silent' || (circuit.failures === 2 && outcome === 'unreachable');
    expect(after.phase).toBe(opens ? 'open' : 'closed');
  } else if (probe) {
    expect(after.phase).toBe(outcome === 'answered' ? 'closed' : 'open');
  } else {
    expect(after).toBe(circuit);
  }
  world.circuit = after;
}

function expectSound({ circuit, underWay }: World): void {
  expect(underWay.filter(({ probe }) => probe)).toHaveLength(circuit.phase === 'probing' ? 1 : 0);
  if (circuit.phase === 'closed') expect(circuit.failures).toBeLessThan(3);
  else expect([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]).toContain(circuit.pauseMs);
}

it('never opens while the far side answers now and then', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 50 }), (failuresBetween) => {
      let circuit: Circuit = CLOSED;
      const end = (outcome: Outcome) => {
        circuit = afterCall(circuit, { probe: false, outcome }, 0);
      };
      for (const count of failuresBetween) {
        for (let failed = 0; failed < count; failed += 1) end('unreachable');
        expect(circuit.phase).toBe('closed');
        end('answered');
      }
    }),
  );
});

const down = new Error('down');
const silent = new Error('silent');
function breakerAt(probe?: () => Promise<unknown>) {
  const clock = { nowMs: 0 };
  const breaker = createCircuitBreaker({
    outcomeOf: (error) => (error === down ? 'unreachable' : error === silent ? 'silent' : 'answered'),
    ...(probe && { probe }),
    refusal: (waitMs) => new Error(`wait ${waitMs}`),
    now: () => clock.nowMs,
  });
  const fail = () => breaker.run(() => Promise.reject(down));
  return { clock, breaker, fail };
}

it('fails at once after three failures, for twice as long after each probe that fails, until one does not', async () => {
  const { clock, breaker, fail } = breakerAt();
  for (const _ of [1, 2, 3]) await expect(fail()).rejects.toBe(down);
  for (const pauseMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    await expect(fail()).rejects.toThrow(`wait ${pauseMs}`);
    clock.nowMs += pauseMs;
    await expect(fail()).rejects.toBe(down);
  }
  clock.nowMs += 30_000;
  expect(await breaker.run(async () => 'back')).toBe('back');
  for (const _ of [1, 2, 3]) await expect(fail()).rejects.toBe(down);
  await expect(fail()).rejects.toThrow('wait 1000');
});

it('lets the others fail at once while the probe is out', async () => {
  const { clock, breaker, fail } = breakerAt();
  for (const _ of [1, 2, 3]) await expect(fail()).rejects.toBe(down);
  clock.nowMs += 1_000;
  const { promise, resolve } = Promise.withResolvers<string>();
  const probe = breaker.run(() => promise);
  await expect(fail()).rejects.toThrow('wait 1000');
  resolve('back');
  expect(await probe).toBe('back');
  await expect(fail()).rejects.toBe(down);
});

it('opens at once where it was waited for in vain', async () => {
  const { breaker, fail } = breakerAt();
  await expect(breaker.run(() => Promise.reject(silent))).rejects.toBe(silent);
  await expect(fail()).rejects.toThrow('wait 1000');
});

it('makes a call only after its probe has found it back', async () => {
  const looks: ('down' | 'up')[] = ['down', 'up'];
  const { clock, breaker, fail } = breakerAt(async () => {
    if (looks.shift() === 'down') throw down;
  });
  for (const _ of [1, 2, 3]) await expect(fail()).rejects.toBe(down);
  let calls = 0;
  const call = async () => {
    calls += 1;
    return 'back';
  };
  clock.nowMs += 1_000;
  await expect(breaker.run(call)).rejects.toBe(down);
  expect(calls).toBe(0);
  clock.nowMs += 2_000;
  expect(await breaker.run(call)).toBe('back');
  expect({ calls, looks }).toEqual({ calls: 1, looks: [] });
});

it('counts an error that is an answer as an answer', async () => {
  const { breaker, fail } = breakerAt();
  const conflict = new Error('conflict');
  for (const _ of [1, 2, 3, 4]) {
    await expect(fail()).rejects.toBe(down);
    await expect(breaker.run(() => Promise.reject(conflict))).rejects.toBe(conflict);
  }
});
