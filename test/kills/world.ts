/**
 * A home with a real engine, as a user has it: started by `pawl up -d`, ended by `pawl down`, its worker inside or
 * alone. The only thing added is a git in front of the real one, on the engine's PATH.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import { z } from 'zod';
import { isCode } from '../../src/adapters/files/without-links.ts';
import { findProgram } from '../../src/adapters/programs/find-program.ts';
import { isRunning, sendSignal } from '../../src/adapters/programs/processes.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { connect, type Pawl } from '../../src/client.ts';
import { placesIn } from '../../src/config.ts';
import { liveEndpoints } from '../../src/engine/endpoints.ts';
import { expectHomeReplays } from '../e2e/rig.ts';
import { until } from '../engine/engine-rig.ts';
import { createControl } from './control.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures', 'kills');

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld(worker: 'inside' | 'alone') {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-kills-')));
  const home = join(folder, 'home');
  const env = environmentIn(folder, worker);
  const pawl = (...args: string[]) =>
    execa(process.execPath, [join(ROOT, 'bin', 'pawl'), ...args], { env, extendEnv: false, stdin: 'ignore' });
  let alone: ChildProcess | undefined;
  let client: Pawl | undefined;

  /** What a user starts after a crash; also the first time. */
  const start = async () => {
    await pawl('up', '-d');
    if (worker === 'alone' && !isAlive(alone)) alone = spawnWorker(home, env);
    await client?.close();
    client = await connect(env);
  };
  const kill = {
    engine: async () => {
      const engine = await endpointsOf(home);
      sendSignal(engine.pid, 'SIGKILL');
      await until(() => !isRunning(engine));
    },
    worker: async () => {
      alone?.kill('SIGKILL');
      await until(() => !isAlive(alone));
    },
    temporal: async () => {
      const note = await temporalOf(home);
      if (note === undefined) return;
      sendSignal(note.pid, 'SIGKILL');
      await until(() => !isRunning(note));
    },
  };
  const endAll = async () => {
    if (alone !== undefined && isAlive(alone)) {
      const ended = once(alone, 'exit');
      alone.kill('SIGTERM');
      await ended;
    }
    await pawl('down');
  };
  await start();
  return {
    home,
    folder,
    start,
    kill,
    /** From now on Temporal takes everything and answers nothing. */
    hangTemporal: async () => void sendSignal((await temporalOf(home))?.pid ?? never(), 'SIGSTOP'),
    control: createControl(join(folder, 'control'), home),
    pawl: () => client ?? never(),
    /** Temporal itself, for what the operations do not tell. */
    async askTemporal<T>(ask: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
      const { temporal, namespace } = await endpointsOf(home);
      const connection = await Connection.connect({ address: temporal });
      return ask(createClient(connection, namespace)).finally(() => connection.close());
    },
    /** Replays every history there is, and ends everything as a user would. */
    async down() {
      await client?.close();
      const endpoints = await liveEndpoints(home);
      try {
        if (endpoints !== undefined) await expectHomeReplays(endpoints);
      } finally {
        await endAll();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const Note = z.object({ pid: z.int(), startedAt: z.string() });
/**
 * One that was killed a moment ago, or only starts, is none yet: the next one is waited for. Undefined where nobody starts it,
 * because its engine was killed at that.
 */
async function temporalOf(home: string): Promise<z.infer<typeof Note> | undefined> {
  let noted: z.infer<typeof Note> | undefined;
  await until(async () => {
    noted = Note.safeParse(readJson(placesIn(home).temporalProcess)).data;
    return (noted !== undefined && isRunning(noted)) || (await liveEndpoints(home)) === undefined;
  });
  return noted !== undefined && isRunning(noted) ? noted : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isAlive = (child: ChildProcess | undefined): boolean =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

function environmentIn(folder: string, worker: 'inside' | 'alone'): Record<string, string> {
  const path = process.env.PATH ?? '';
  const git = findProgram('git', { path, cwd: folder });
  if (git === undefined) throw new Error('git is not on PATH');
  mkdirSync(join(folder, 'bin', 'real'), { recursive: true });
  symlinkSync(join(FIXTURES, 'git'), join(folder, 'bin', 'git'));
  symlinkSync(git, join(folder, 'bin', 'real', 'git'));
  return {
    PATH: `${join(folder, 'bin')}:${path}`,
    HOME: process.env.HOME ?? folder,
    PAWL_HOME: join(folder, 'home'),
    PAWL_PORT: '0',
    PAWL_WORKER: worker === 'inside' ? 'on' : 'off',
    PAWL_WORKFLOWS_CACHED: process.env.PAWL_WORKFLOWS_CACHED ?? '',
  };
}

function spawnWorker(home: string, env: Record<string, string>): ChildProcess {
  const log = openSync(join(home, 'worker.out'), 'a');
  try {
    const program = join(ROOT, 'src', 'worker.ts');
    // As the launcher has it: most of the next one's start would be to compile what the last one had.
    const { NODE_COMPILE_CACHE } = process.env;
    return spawn(process.execPath, [program], {
      env: { ...env, NODE_COMPILE_CACHE },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

async function endpointsOf(home: string) {
  return (await liveEndpoints(home)) ?? never();
}

function never(): never {
  throw new Error('no engine runs');
}
