/** Worker supervision and endings with plain objects. */
import { describe, expect, it } from 'vitest';
import { createEndings } from '../../src/engine/endings.ts';
import { superviseWorker } from '../../src/engine/supervised-worker.ts';
import { idleWorker, until } from './engine-rig.ts';

describe('a supervised worker', () => {
  it('is made anew after it died, also when that fails at first', async () => {
    const notices: string[] = [];
    const first = idleWorker();
    const third = idleWorker();
    const makes = [async () => first, async () => Promise.reject(new Error('not yet')), async () => third];
    const worker = await superviseWorker(
      () => makes.shift()?.() ?? Promise.reject(new Error('no more')),
      (line) => notices.push(line),
    );
    first.die(new Error('gone'));
    await until(() => worker.state() === 'restarting');
    await until(() => worker.state() === 'running');
    expect(notices).toEqual(['the worker died: gone', 'the worker cannot start: not yet']);
    await Promise.all([worker.stop(), worker.stop()]);
    expect(worker.state()).toBe('stopped');
  });

  it('that is made while the stop goes by is run and shut down, because it holds the connection', async () => {
    const first = idleWorker();
    const making = Promise.withResolvers<void>();
    let shutdowns = 0;
    let made = 0;
    const worker = await superviseWorker(
      async () => {
        made += 1;
        if (made === 1) return first;
        await making.promise;
        return idleWorker(() => {
          shutdowns += 1;
        });
      },
      () => undefined,
    );
    first.die(new Error('gone'));
    await until(() => made === 2);
    const stopping = worker.stop();
    making.resolve();
    await stopping;
    expect(shutdowns).toBe(1);
  });

  it('that cannot be made the first time is not supervised', async () => {
    await expect(
      superviseWorker(
        () => Promise.reject(new Error('never')),
        () => undefined,
      ),
    ).rejects.toThrow('never');
  });
});

describe('endings', () => {
  it('run once each, in reverse order, whatever one of them does', async () => {
    const seen: string[] = [];
    const notices: string[] = [];
    const endings = createEndings((line) => notices.push(line));
    endings.add('first', () => void seen.push('first'));
    endings.add('second', async () => {
      seen.push('second');
      throw new Error('stuck');
    });
    endings.add('third', async () => void seen.push('third'));
    const [one, two] = await Promise.allSettled([endings.run(), endings.run()]);
    expect(seen).toEqual(['third', 'second', 'first']);
    expect([one.status, two.status]).toEqual(['rejected', 'rejected']);
    expect(notices).toEqual(['second did not end properly: stuck']);
  });
});
