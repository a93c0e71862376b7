/**
 * One engine for a test file, as a user has it: a home of its own, `pawl up -d`, the CLI as a program, the client of
 * scripts, the Temporal CLI. `close` stops it and asserts that nothing of it is left.
 */
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { expect } from 'vitest';
import { cacheFolder } from '../../scripts/setup/cache.mjs';
import { findTemporal } from '../../scripts/setup/programs.mjs';
import { allPids, argumentsOf, markedProcesses } from '../../src/adapters/programs/processes.ts';
import { createClient } from '../../src/client/temporal-client.ts';
import { connect, type Pawl } from '../../src/client.ts';
import { type Places, placesIn } from '../../src/config.ts';
import type { CallOf } from '../../src/domain/operations.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { type Endpoints, liveEndpoints } from '../../src/engine/endpoints.ts';
import { hostIdOf } from '../../src/engine/home.ts';
import { expectNoBugTold } from '../engine/bugs-told.ts';
import { expectNone, expectNothingLeft } from '../engine/nothing-left.ts';
import { expectAllReplay } from '../oracle/replay.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'pawl');
const AGENTS = join(import.meta.dirname, '..', 'fixtures', 'agents');

export interface Told {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}
export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Hears what it prints while it runs. */
  readonly onOut?: (text: string) => void;
}
type Settings = Readonly<Record<string, string>>;

/** A home in which nothing runs yet. */
export interface Rig {
  readonly home: string;
  readonly places: Places;
  /** What a shell of this home has, with what it has else. */
  environment(env?: Settings): Settings;
  pawl(args: readonly string[], options?: RunOptions): Promise<Told>;
  /**
   * Replays every history that the tests have left, stops what runs in the home, asserts that nothing is left of it, and
   * removes it. @param unreadable tasks of which a run cannot be replayed, and nobody needs it
   */
  close(unreadable?: readonly string[]): Promise<void>;
}

/** An engine that runs in the background. */
export interface EngineRig extends Rig {
  readonly api: Pawl;
  readonly client: Client;
  readonly endpoints: Endpoints;
  /** The Temporal CLI on this engine's server. */
  temporal(args: readonly string[]): Promise<Told>;
  /** Starts a task; the id is made up where none is given. */
  run(
    input: Omit<CallOf<'run'>, 'id' | 'requirement'> & { id?: string; requirement?: string },
  ): Promise<string>;
  /** The task's state once it satisfies `when`; fails when the task closes before. */
  until(id: string, when: (state: TaskState) => boolean): Promise<TaskState>;
  /** Lets go of the engine, which runs on. */
  leave(): Promise<void>;
}

export const closed = ({ status }: TaskState): boolean => isClosed(status);
export const atGate = ({ status }: TaskState): boolean => status === 'awaiting_gate';

/** The command of an agent in `test/fixtures/agents`. */
export const agent = (name: string, ...args: readonly string[]): string[] => [
  process.execPath,
  join(AGENTS, `${name}.mjs`),
  ...args,
];
/** The same for a run. */
export const by = (name: string, ...args: readonly string[]) => ({
  agent: { name: 'command', command: agent(name, ...args) },
});
/** A check: a line of JavaScript that exits as it should. */
export const check = (script: string, name = 'check') => ({ name, run: [process.execPath, '-e', script] });

/** As one argument that is split into a command again, of words without quotes. */
export const quoted = (command: readonly string[]): string => command.map((word) => `'${word}'`).join(' ');

export function createRig(settings: Settings = {}): Rig {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-e2e-')));
  const places = placesIn(home);
  // Set-up has provided the programs: a test whose user has another home must not begin it anew.
  const XDG_CACHE_HOME = dirname(cacheFolder());
  const environment = (env: Settings = {}): Settings => ({
    ...{ PAWL_HOME: home, PAWL_PORT: '0', XDG_CACHE_HOME },
    ...settings,
    ...env,
  });
  const pawl = (args: readonly string[], { input = '', cwd = home, env, onOut }: RunOptions = {}) =>
    tell(process.execPath, [LAUNCHER, ...args], {
      input,
      cwd,
      ...(onOut && { onOut }),
      env: environment(env),
    });
  return {
    home,
    places,
    environment,
    pawl,
    async close(unreadable) {
      const endpoints = await liveEndpoints(home);
      try {
        if (endpoints !== undefined) await expectHomeReplays(endpoints, unreadable);
      } finally {
        await pawl(['down']);
      }
      try {
        await expectGone(home, endpoints);
        expectNoBugTold(home);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

export async function startRig(settings: Settings = {}): Promise<EngineRig> {
  const rig = createRig(settings);
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  return attach(rig);
}

/** The engine that runs in a rig's home by now. */
export async function attach(rig: Rig): Promise<EngineRig> {
  const { home } = rig;
  const endpoints = await liveEndpoints(home);
  if (endpoints === undefined) throw new Error('no engine runs in this home');
  const connection = await Connection.connect({ address: endpoints.temporal });
  const client = createClient(connection, endpoints.namespace);
  const api = await connect({ PAWL_HOME: home });
  const temporal = findTemporal()?.path;
  if (temporal === undefined) throw new Error('no temporal program: run `npm test`, which provides one');
  const leave = async () => {
    await api.close();
    await connection.close();
  };
  return {
    ...rig,
    leave,
    api,
    client,
    endpoints,
    temporal: (args) =>
      tell(temporal, [...args, '--address', endpoints.temporal, '--namespace', endpoints.namespace], {
        cwd: home,
        env: {},
      }),
    async run(input) {
      count += 1;
      return (await api.run({ id: `task-${count}`, requirement: 'Do the work', ...input })).id;
    },
    async until(id, when) {
      for await (const state of api.follow(id)) {
        if (when(state)) return state;
        if (closed(state)) throw new Error(`the task never got there: ${JSON.stringify(state)}`);
      }
      throw new Error('the engine stopped telling');
    },
    async close(unreadable) {
      await leave();
      await rig.close(unreadable);
    },
  };
}
let count = 0;

/** The last JSON document of an output of JSON lines. */
export function lastDocument(out: string): Record<string, unknown> {
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

async function tell(
  program: string,
  args: readonly string[],
  { onOut, ...options }: RunOptions,
): Promise<Told> {
  const running = execa(program, args, { ...options, reject: false });
  if (onOut !== undefined) running.stdout.setEncoding('utf8').on('data', onOut);
  const done = await running;
  if (done.exitCode === undefined) throw new Error(`${program} did not end by itself`, { cause: done });
  return { code: done.exitCode, out: done.stdout, err: done.stderr };
}

/** Everything that the Temporal of this engine has. */
export async function expectHomeReplays(
  { temporal, namespace }: Endpoints,
  unreadable?: readonly string[],
): Promise<void> {
  const connection = await Connection.connect({ address: temporal });
  await expectAllReplay(createClient(connection, namespace), unreadable).finally(() => connection.close());
}

async function expectGone(home: string, endpoints: Endpoints | undefined): Promise<void> {
  expectNothingLeft(home);
  expectNone('processes with the mark of this home', markedProcesses(hostIdOf(home)).map(argumentsOf));
  const ours = allPids().map(argumentsOf);
  expectNone(
    'processes that name this home',
    ours.filter((args) => args.some((arg) => arg.includes(home))),
  );
  for (const folder of ['workspaces', 'checks', 'journal', 'scratch'] as const) {
    const path = placesIn(home)[folder];
    // A task that is not over keeps its workspace; the tests leave none open.
    expectNone(folder, existsSync(path) ? readdirSync(path) : []);
  }
  if (endpoints === undefined) return;
  const { hostname, port } = new URL(endpoints.api);
  expect(await isListening(hostname, Number(port))).toBe(false);
}

const isListening = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTo({ host, port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
