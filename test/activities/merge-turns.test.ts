/** Turns to merge: one after the other by repository and base, in order, and nobody waits for who does nothing. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMergeTurns, type MergeTurns } from '../../src/activities/merge-turns.ts';
import { TaskId } from '../../src/domain/ids.ts';

const SILENT_MS = 1_000;
const never = new AbortController().signal;
const ref = (id: string, base = 'main') => ({
  id: TaskId.parse(id),
  title: id,
  repository: '/repository',
  base,
});
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A step in which a task comes to its merge: it runs until it is ended. */
function merging(turns: MergeTurns, task: ReturnType<typeof ref>, signal: AbortSignal = never) {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const one = { places: [] as number[], state: 'waiting', reason: undefined as unknown, end };
  turns
    .during(task, async () => {
      const hasWaited = await turns.take(task, (place) => one.places.push(place), signal);
      one.state = hasWaited ? 'has waited' : 'at once';
      await ended;
    })
    .catch((reason: unknown) => Object.assign(one, { state: 'refused', reason }));
  return one;
}

it('come in order, each told its place as it moves', async () => {
  const turns = createMergeTurns(SILENT_MS);
  const [first, second, third] = ['task-a', 'task-b', 'task-c'].map((id) => merging(turns, ref(id)));
  await settled();
  expect([first?.state, second?.state, third?.state]).toEqual(['at once', 'waiting', 'waiting']);
  expect([first?.places, second?.places, third?.places]).toEqual([[], [1], [2]]);
  turns.giveUp(ref('task-a'));
  await settled();
  expect([second?.state, third?.state]).toEqual(['has waited', 'waiting']);
  expect(third?.places).toEqual([2, 1]);
});

it('are of one repository and base', async () => {
  const turns = createMergeTurns(SILENT_MS);
  merging(turns, ref('task-a'));
  const other = merging(turns, ref('task-b', 'release'));
  await settled();
  expect(other.state).toBe('at once');
});

it('stay with the task over all its steps', async () => {
  const turns = createMergeTurns(SILENT_MS);
  const first = merging(turns, ref('task-a'));
  const second = merging(turns, ref('task-b'));
  await settled();
  first.end();
  await vi.advanceTimersByTimeAsync(SILENT_MS - 1);
  // Longer than one may be silent.
  const check = turns.during(ref('task-a'), () => vi.advanceTimersByTimeAsync(5 * SILENT_MS));
  await check;
  const again = merging(turns, ref('task-a'));
  await settled();
  expect([again.state, second.state]).toEqual(['at once', 'waiting']);
});

describe('pass on', () => {
  it('where the task does no step any more', async () => {
    const turns = createMergeTurns(SILENT_MS);
    const first = merging(turns, ref('task-a'));
    const second = merging(turns, ref('task-b'));
    await settled();
    first.end();
    await vi.advanceTimersByTimeAsync(SILENT_MS + 1);
    expect(second.state).toBe('has waited');
    // It has not lost its own turn by the time it waited.
    await vi.advanceTimersByTimeAsync(5 * SILENT_MS);
    const third = merging(turns, ref('task-c'));
    await settled();
    expect(third.state).toBe('waiting');
  });

  it('past who was cancelled while it waited', async () => {
    const turns = createMergeTurns(SILENT_MS);
    const stop = new AbortController();
    merging(turns, ref('task-a'));
    const second = merging(turns, ref('task-b'), stop.signal);
    const third = merging(turns, ref('task-c'));
    await settled();
    stop.abort(new Error('asked to stop'));
    await settled();
    expect(second).toMatchObject({ state: 'refused', reason: new Error('asked to stop') });
    expect(third.places).toEqual([2, 1]);
    turns.giveUp(ref('task-a'));
    await settled();
    expect(third.state).toBe('has waited');
  });

  it('and are free once nobody wants them, whoever gives up what it does not have', async () => {
    const turns = createMergeTurns(SILENT_MS);
    merging(turns, ref('task-a'));
    await settled();
    turns.giveUp(ref('task-b'));
    const second = merging(turns, ref('task-b'));
    await settled();
    expect(second.state).toBe('waiting');
    turns.giveUp(ref('task-a'));
    await settled();
    turns.giveUp(ref('task-b'));
    const third = merging(turns, ref('task-c'));
    await settled();
    expect(third.state).toBe('at once');
    expect(vi.getTimerCount()).toBe(0);
  });
});
