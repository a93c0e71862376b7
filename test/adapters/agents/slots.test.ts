/** Slots: never too many at once, everybody's turn comes, and everybody knows the place in the queue. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../src/adapters/agents/slots.ts';
import { PRIORITIES } from '../../../src/domain/priority.ts';
import { inTurn, STEP_UP_MS, type Wait } from '../../../src/domain/waiting-order.ts';
import { asking, ignore, never, settled } from './asking-slots.ts';

it('serves in order and tells each its place as it moves', async () => {
  const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
  const [first, second, third] = [ask('a'), ask('a'), ask('b')];
  await settled();
  expect([first.state, second.state, third.state]).toEqual(['running', 'waiting', 'waiting']);
  expect([first.places, second.places, third.places]).toEqual([[], [1], [2]]);
  first.release();
  await settled();
  expect([second.state, third.state]).toEqual(['running', 'waiting']);
  expect(third.places).toEqual([2, 1]);
});

it('lets others pass who wait for a full repository', async () => {
  const ask = asking(createSlots({ perHostMax: 3, perRepositoryMax: 1 }));
  const [, blocked, other] = [ask('a'), ask('a'), ask('b')];
  await settled();
  expect([blocked.state, other.state]).toEqual(['waiting', 'running']);
  expect(blocked.places).toEqual([1]);
});

it('takes a release once, however often it is called', async () => {
  const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
  const [first, second, third] = [ask('a'), ask('a'), ask('a')];
  await settled();
  first.release();
  first.release();
  await settled();
  first.release();
  await settled();
  expect([second.state, third.state]).toEqual(['running', 'waiting']);
});

describe('who is cancelled', () => {
  it('leaves the queue, and those behind move up', async () => {
    const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
    const stop = new AbortController();
    const [first, second, third] = [ask('a'), ask('a', stop.signal), ask('a')];
    await settled();
    stop.abort(new Error('asked to stop'));
    await settled();
    expect(second).toMatchObject({ state: 'refused', reason: new Error('asked to stop') });
    expect(third.places).toEqual([2, 1]);
    first.release();
    await settled();
    expect(third.state).toBe('running');
  });
  it('was not there at all when it was too late', async () => {
    const slots = createSlots({ perHostMax: 1, perRepositoryMax: 1 });
    await expect(
      slots.acquire(
        { repository: 'a', sinceMs: Date.now() },
        ignore,
        AbortSignal.abort(new Error('too late')),
      ),
    ).rejects.toThrow('too late');
    await expect(slots.acquire({ repository: 'a', sinceMs: Date.now() }, ignore, never)).resolves.toBeTypeOf(
      'function',
    );
  });
  it('keeps the slot when it had it already', async () => {
    const ask = asking(createSlots({ perHostMax: 1, perRepositoryMax: 1 }));
    const stop = new AbortController();
    const [first, second] = [ask('a', stop.signal), ask('a')];
    await settled();
    stop.abort();
    await settled();
    expect([first.state, second.state]).toEqual(['running', 'waiting']);
  });
});

it('does not let a listener that throws hold up the others', async () => {
  const slots = createSlots({ perHostMax: 1, perRepositoryMax: 1 });
  const release = await slots.acquire({ repository: 'a', sinceMs: Date.now() }, ignore, never);
  const broken = slots.acquire(
    { repository: 'a', sinceMs: Date.now() },
    () => {
      throw new Error('a bug');
    },
    never,
  );
  await expect(broken).rejects.toThrow('a bug');
  const next = slots.acquire({ repository: 'a', sinceMs: Date.now() }, ignore, never);
  release();
  await expect(next).resolves.toBeTypeOf('function');
});

const REPOSITORIES = ['a', 'b', 'c'];
const NOW = Date.now();
const Maxima = fc.record({
  perHostMax: fc.integer({ min: 1, max: 4 }),
  perRepositoryMax: fc.integer({ min: 1, max: 3 }),
});
const Step = fc.oneof(
  fc.record({
    do: fc.constant('ask' as const),
    repository: fc.constantFrom(...REPOSITORIES),
    priority: fc.constantFrom(undefined, ...PRIORITIES),
    sinceMs: fc.integer({ min: NOW - 4 * STEP_UP_MS, max: NOW }),
  }),
  fc.record({ do: fc.constantFrom('release' as const, 'cancel' as const), which: fc.nat({ max: 30 }) }),
);

/** Slots with a book of all who ever asked. */
function booked(max: { readonly perHostMax: number; readonly perRepositoryMax: number }) {
  const ask = asking(createSlots(max));
  const all: (Wait & {
    readonly repository: string;
    readonly one: ReturnType<typeof ask>;
    readonly stop: AbortController;
    ended: boolean;
  })[] = [];
  const running = () => all.filter(({ one, ended }) => one.state === 'running' && !ended);
  const waiting = () =>
    inTurn(
      all.filter(({ one }) => one.state === 'waiting'),
      Date.now(),
    );
  const countOf = (repository: string) => running().filter((one) => one.repository === repository).length;
  const release = (one: (typeof all)[number]) => {
    one.ended = true;
    one.one.release();
  };
  return {
    waiting,
    releaseAll: () => running().forEach(release),
    take(step: typeof Step extends fc.Arbitrary<infer T> ? T : never) {
      if (step.do === 'ask') {
        const stop = new AbortController();
        const { repository, priority, sinceMs } = step;
        const one = ask(repository, stop.signal, { priority, sinceMs });
        all.push({ repository, priority, sinceMs, one, stop, ended: false });
        return;
      }
      const chosen = all[step.which];
      if (step.do === 'cancel') chosen?.stop.abort();
      else if (chosen !== undefined && running().includes(chosen)) release(chosen);
    },
    check() {
      expect(running().length).toBeLessThanOrEqual(max.perHostMax);
      for (const name of REPOSITORIES) expect(countOf(name)).toBeLessThanOrEqual(max.perRepositoryMax);
      const couldRun = waiting().filter(({ repository }) => countOf(repository) < max.perRepositoryMax);
      expect(running().length < max.perHostMax && couldRun.length > 0).toBe(false);
      expect(waiting().map(({ one }) => one.places.at(-1))).toEqual(waiting().map((_, index) => index + 1));
    },
  };
}

describe('whatever is asked, released and cancelled', () => {
  it('there are never more than the maxima, no free slot is unused, and all have their turn', async () => {
    await fc.assert(
      fc.asyncProperty(Maxima, fc.array(Step, { maxLength: 40 }), async (max, steps) => {
        const slots = booked(max);
        for (const step of steps) {
          slots.take(step);
          await settled();
          slots.check();
        }
        // Whose turn it is is served as soon as all have gone.
        for (let [next] = slots.waiting(); next !== undefined; [next] = slots.waiting()) {
          slots.releaseAll();
          await settled();
          expect(next.one.state).toBe('running');
          slots.check();
        }
      }),
      { numRuns: 60 },
    );
  });
});
