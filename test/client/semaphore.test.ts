/** Back-pressure: so many at the same time, so many that wait, and a refusal in words for the rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSemaphore } from '../../src/client/semaphore.ts';

const options = { permits: 2, waitingMax: 3, waitMsMax: 60_000, whatOf: (key: string) => `acts of ${key}` };
const refused = {
  code: 'unavailable',
  message: 'there are too many acts of a at the same time: nothing was done, ask again in 1 s',
  details: { retryAfterMs: 1_000 },
};

it('lets as many act as it has permits, then the others in the order they came', async () => {
  const semaphore = createSemaphore(options);
  const begun: number[] = [];
  const ends = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const acts = ends.map(({ promise }, n) =>
    semaphore('a', () => {
      begun.push(n);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await acts[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(acts);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('refuses who finds the queue full, and begins nothing for them', async () => {
  const semaphore = createSemaphore(options);
  const { promise, resolve } = Promise.withResolvers<void>();
  const acts = [1, 2, 3, 4, 5].map(() => semaphore('a', () => promise));
  let begun = false;
  const sixth = semaphore('a', async () => {
    begun = true;
  });
  await expect(sixth).rejects.toMatchObject(refused);
  // Other keys have permits of their own.
  expect(await semaphore('b', async () => 'done')).toBe('done');
  resolve();
  await Promise.all(acts);
  expect(begun).toBe(false);
  expect(await semaphore('a', async () => 'free again')).toBe('free again');
});

it('refuses who has waited too long, and lets the next one have the permit', async () => {
  const semaphore = createSemaphore({ ...options, permits: 1, waitMsMax: 20 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = semaphore('a', () => promise);
  await expect(semaphore('a', async () => 'late')).rejects.toMatchObject(refused);
  resolve();
  await first;
  expect(await semaphore('a', async () => 'in time')).toBe('in time');
});

it('never has more at work than permits, and forgets nobody, whether acts fail or not', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom('a', 'b'), ticks: fc.nat(3), fails: fc.boolean() }), {
        maxLength: 40,
      }),
      fc.integer({ min: 1, max: 4 }),
      async (acts, permits) => {
        const semaphore = createSemaphore({ ...options, permits, waitingMax: 100 });
        const atWork = { a: 0, b: 0 };
        const settled = await Promise.allSettled(
          acts.map(({ key, ticks, fails }) =>
            semaphore(key, async () => {
              atWork[key] += 1;
              expect(atWork[key]).toBeLessThanOrEqual(permits);
              for (let tick = 0; tick < ticks; tick += 1) await sleep(0);
              atWork[key] -= 1;
              if (fails) throw new Error('failed');
            }),
          ),
        );
        expect(settled.map(({ status }) => status === 'rejected')).toEqual(acts.map(({ fails }) => fails));
        expect(atWork).toEqual({ a: 0, b: 0 });
      },
    ),
    { numRuns: 50 },
  ));
