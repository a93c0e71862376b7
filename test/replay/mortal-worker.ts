/** A worker beside an engine that has none (`node src/worker.ts`), which is killed after each second in which it worked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = join(import.meta.dirname, '..', '..', 'src', 'worker.ts');
const LIVES_MS = 1_000;

export interface MortalWorker {
  /** Lets the last one end by itself. */
  stop(): Promise<void>;
}

export function startMortalWorker(home: string, settings: Readonly<Record<string, string>>): MortalWorker {
  const stopping = new AbortController();
  const start = () =>
    spawn(process.execPath, [PROGRAM], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PAWL_HOME: home, ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const live = async () => {
    while (!stopping.signal.aborted) {
      const child = start();
      await whileItWorks(child, stopping.signal);
      await end(child, 'SIGKILL');
    }
    // What is asked last is answered, and what it leaves behind is put in order.
    const child = start();
    await working(child);
    return child;
  };
  const last = live();
  return {
    async stop() {
      stopping.abort();
      await end(await last, 'SIGTERM');
    },
  };
}

async function whileItWorks(child: ChildProcess, stopping: AbortSignal): Promise<void> {
  await working(child);
  await sleep(LIVES_MS, undefined, { signal: stopping }).catch(() => undefined);
}

/** Settles with the line that says so; its output is read on, lest it stops for want of room. */
async function working(child: ChildProcess): Promise<void> {
  if (child.stderr === null) throw new Error('a worker has no output');
  const lines = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the worker ended before it worked')));
    lines.on('line', (line) => {
      if (/^the worker of .* runs/.test(line)) resolve();
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
