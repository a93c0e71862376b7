/**
 * A Temporal of its own, and one worker at a time on it, which is a process of its own, so that it can be killed. The next
 * one stands by already: what is looked for is what a worker finds that reads everything anew, not how long it takes to load.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { type Client, Connection } from '@temporalio/client';
import { createClient } from '../../src/client/temporal-client.ts';
import { placesIn } from '../../src/config.ts';
import { createEndings, type Endings } from '../../src/engine/endings.ts';
import { takeEngineLock } from '../../src/engine/engine-lock.ts';
import { prepareNamespace } from '../../src/engine/namespace.ts';
import { startTemporal } from '../../src/engine/temporal-process.ts';
import { temporalProgram } from '../../src/engine/temporal-program.ts';

const PROGRAM = join(import.meta.dirname, '..', 'fixtures', 'replay', 'worker.ts');
const NAMESPACE = 'default';
/** For a hang; loading takes a second. */
const READY_MS_MAX = 60_000;

export type Cached = 0 | 2 | 200;
export type Ending = 'kill' | 'restart';

export interface World {
  readonly client: Client;
  /** Ends the worker, does what is to happen without one, and starts the next one. One after the other. */
  without(ending: Ending, cached: Cached, act?: () => Promise<void>): Promise<void>;
  /** All that workers have said of tasks that they could not go on with. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const endings = createEndings(() => undefined);
  try {
    return await open(endings);
  } catch (error) {
    await endings.run();
    throw error;
  }
}

async function open(endings: Endings): Promise<World> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-replay-')));
  endings.add('the folder', () => rmSync(home, { recursive: true, force: true }));
  const lock = await takeEngineLock(home);
  endings.add('the lock', () => lock.release());
  const faults: string[] = [];
  const onFault = (line: string) => void faults.push(line);
  const temporal = await startTemporal({
    program: await temporalProgram(),
    home,
    places: placesIn(home),
    lock,
    onNotice: onFault,
    onLost: onFault,
  });
  endings.add('Temporal', () => temporal.stop());
  const connection = await Connection.connect({ address: temporal.address });
  endings.add('the connection', () => connection.close());
  await prepareNamespace({ connection, namespace: NAMESPACE, embedded: true });
  const standBy = () => spawnWorker(temporal.address, onFault);
  let next = standBy();
  endings.add('the worker that stands by', () => end(next, 'SIGKILL'));
  let now = next;
  endings.add('the worker', () => end(now, 'SIGTERM'));
  const replace = async (cached: Cached) => {
    now = next;
    next = standBy();
    await begin(now, cached);
  };
  await replace(0);
  let turn: Promise<void> = Promise.resolve();
  return {
    client: createClient(connection, NAMESPACE),
    faults,
    without(ending, cached, act) {
      const mine = turn.then(async () => {
        await end(now, ending === 'kill' ? 'SIGKILL' : 'SIGTERM');
        try {
          await act?.();
        } finally {
          await replace(cached);
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      await endings.run();
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

function spawnWorker(address: string, onFault: (line: string) => void): Running {
  const child = spawn(process.execPath, [PROGRAM, address, NAMESPACE], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('a worker has no output');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (!['stands by', 'polls'].includes(line)) onFault(line);
  });
  return { child, lines };
}

async function begin(running: Running, cached: Cached): Promise<Running> {
  const { child, lines } = running;
  const late = AbortSignal.timeout(READY_MS_MAX);
  const polls = new Promise<void>((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error('the worker does not come up')));
    child.once('exit', () => reject(new Error('the worker ended before it polled')));
    lines.on('line', (line) => {
      if (line === 'polls') resolve();
    });
  });
  child.stdin?.write(`${cached}\n`);
  await polls;
  return running;
}

async function end({ child }: Running, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
