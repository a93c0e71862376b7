/** Back-pressure on starts: so many tasks may be about to begin, and a start that waits for a permit has started nothing. */
import { expect, it } from 'vitest';
import { createStartPermits } from '../../src/client/start-permits.ts';
import { TaskId } from '../../src/domain/ids.ts';

const options = { permits: 2, waitingMax: 2, waitMsMax: 60_000, whatOf: () => 'tasks that begin' };
const idOf = (number: number) => TaskId.parse(`task-${number}`);

function starts() {
  const permits = createStartPermits(options);
  const started: number[] = [];
  const start = (number: number, isNew = true) =>
    permits.start(idOf(number), async () => {
      started.push(number);
      return { id: idOf(number), isNew };
    });
  return { permits, started, start };
}
/** Whoever may go on does so. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('answers when Temporal has the task, and gives its permit back when the workflow has begun', async () => {
  const { permits, started, start } = starts();
  await Promise.all([start(1), start(2)]);
  const third = start(3);
  await settled();
  expect(started).toEqual([1, 2]);
  permits.begun(idOf(1));
  expect(await third).toEqual({ id: idOf(3), isNew: true });
  permits.begun(idOf(1));
  const fourth = start(4);
  await settled();
  expect(started).toEqual([1, 2, 3]);
  permits.begun(idOf(2));
  await fourth;
});

it('gives it back at once where nothing was started', async () => {
  const { permits, start, started } = starts();
  await start(1, false);
  await start(2, false);
  const failing = permits.start(idOf(3), () => Promise.reject(new Error('no server')));
  await expect(failing).rejects.toThrow('no server');
  await Promise.all([start(4), start(5)]);
  expect(started).toEqual([1, 2, 4, 5]);
});

it('hears of a workflow that has begun before its start is answered', async () => {
  const { permits, start } = starts();
  for (const number of [1, 2, 3, 4]) {
    await permits.start(idOf(number), async () => {
      permits.begun(idOf(number));
      return { isNew: true };
    });
  }
  await start(5);
});

it('refuses those for whom there is no place, and starts nothing', async () => {
  const { started, start } = starts();
  await Promise.all([start(1), start(2)]);
  const waiting = [start(3), start(4)];
  await expect(start(5)).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterMs: 1_000 } });
  await settled();
  expect(started).toEqual([1, 2]);
  for (const one of waiting) one.catch(() => undefined);
});
