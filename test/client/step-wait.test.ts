/** What a step waits for, as Temporal describes it. */
import { expect, it } from 'vitest';
import { waitOf } from '../../src/client/step-wait.ts';
import { payloadConverter } from '../../src/workflows/payload-converter.ts';

const SINCE = Date.parse('2026-01-02T03:04:05.000Z');
const scheduledTime = { seconds: SINCE / 1_000 };

const toldAt = (ms: number, ...pendingActivities: readonly object[]) =>
  waitOf({ raw: { pendingActivities } } as unknown as Parameters<typeof waitOf>[0], SINCE + ms);

const untaken = { state: 1, scheduledTime, activityOptions: { taskQueue: { name: 'pawl-host-1' } } };
const words = (host: string) =>
  `a worker of ${host}, since 2026-01-02T03:04:05.000Z: it goes on by itself when one is back`;

it('names the host of a step that nobody has taken for a minute', () => {
  expect(toldAt(59_999, untaken)).toBeUndefined();
  expect(toldAt(60_000, untaken)).toBe(words('pawl-host-1'));
  expect(toldAt(60_000, { ...untaken, activityOptions: null })).toBe(
    words('the host that has its workspace'),
  );
  // Beside a watch that is about to end.
  expect(toldAt(60_000, { state: 3 }, untaken)).toBe(words('pawl-host-1'));
});

it('says nothing of one that runs, or will be tried again', () => {
  expect(toldAt(60_000)).toBeUndefined();
  expect(toldAt(3_600_000, { ...untaken, state: 2 })).toBeUndefined();
  expect(toldAt(-10_000, untaken)).toBeUndefined();
});

it.each([
  [{ queue: 2 }, 'a free agent: place 2 in the queue'],
  [{ turn: 2 }, 'its turn to merge: place 2'],
  [{ hand: true }, 'somebody who works in its workspace (pawl shell)'],
  [{}, undefined],
])('tells the place that %j in its heartbeat means', (beat, expected) => {
  const heartbeatDetails = { payloads: [payloadConverter.toPayload(beat)] };
  expect(toldAt(60_000, { state: 2, scheduledTime, heartbeatDetails })).toBe(expected);
});
