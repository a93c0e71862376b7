/** A worker beside an engine that has none (`node src/worker.ts`), which is killed every second, as the next one works. */
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
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const start = () =>
    spawn(process.execPath, [PROGRAM], {
      // Most of what it does in its short life is to be loaded.
      env: { PATH, HOME, NODE_COMPILE_CACHE, PAWL_HOME: home, ...settings },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const live = async () => {
    let now = start();
    await working(now);
    while (!stopping.signal.aborted) {
      // To load takes longer than to live: the next one is begun before, so that there is one to kill.
      const next = start();
      await Promise.all([working(next), sleep(LIVES_MS)]);
      await end(now, 'SIGKILL');
      now = next;
    }
    // What is asked last is answered, and what they left behind is put in order.
    return now;
  };
  const last = live();
  return {
    async stop() {
      stopping.abort();
      await end(await last, 'SIGTERM');
    },
  };
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
