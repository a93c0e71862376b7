/**
 * The engine in the background, for everybody who needs one: found, or started as a process of its own that outlives
 * this one. Ten at once get one engine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from '../adapters/files/file-lock.ts';
import { type Config, placesIn } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { MARK_VARIABLE, placeOfMark } from '../domain/marks.ts';
import { lastLineOf, openLog, sizeOfLog } from './bounded-log.ts';
import { type Endpoints, liveEndpoints } from './endpoints.ts';
import { engineProcessOf } from './engine-lock.ts';
import { hostIdOf, makeHome } from './home.ts';
import { holderOf } from './tcp-ports.ts';
import { temporalProgram } from './temporal-program.ts';

const ASK_MS = 50;

/** Without a link into the dashboard: what it prints is kept as the engine's log. */
const PROGRAM = [join(import.meta.dirname, '..', '..', 'bin', 'pawl'), 'up', '--no-link'];

export interface Starting {
  /** What to run with this Node, for tests. */
  readonly program?: readonly string[];
  /** Ends the waiting; an engine that is starting goes on. */
  readonly signal?: AbortSignal;
}

/**
 * The endpoints of the home's engine; starts one in the background where none runs, saying so.
 * @throws PawlError `unavailable` with the last line of the engine's log when it does not come up
 */
export async function ensureEngine(
  config: Config,
  onNotice: (line: string) => void,
  options: Starting = {},
): Promise<Endpoints> {
  const live = await liveEndpoints(config.home);
  if (live !== undefined) return live;
  const home = makeHome(config.home);
  // Of several that need an engine one starts it, and the others then find it.
  const turn = await lock(placesIn(home).startLock, options.signal);
  try {
    const started = await liveEndpoints(home);
    if (started !== undefined) return started;
    // Here and not in the background, because providing a missing one takes minutes and shows how far it is.
    if (config.temporal.kind === 'embedded') await temporalProgram();
    return await startInBackground({ ...config, home }, onNotice, options);
  } finally {
    turn.release();
  }
}

/**
 * Where it would listen something else does: the engine takes any free port, which its endpoints tell.
 * @returns the same settings where the port is free, or nobody can be seen there
 */
export function withFreePort(config: Config, onNotice: (line: string) => void): Config {
  const holder = config.port === 0 ? undefined : holderOf(config.port);
  if (holder === undefined) return config;
  onNotice(`port ${config.port} is in use by ${holder}: the engine takes another one`);
  return { ...config, port: 0 };
}

async function startInBackground(
  config: Config,
  onNotice: (line: string) => void,
  { program = PROGRAM, signal }: Starting,
): Promise<Endpoints> {
  const { home } = config;
  const { log } = placesIn(home);
  const other = engineProcessOf(home);
  if (other !== undefined) {
    onNotice(`waiting for the engine that is starting or stopping (pid ${other.pid})`);
    const live = await untilLive(home, () => true, signal);
    if (live !== undefined) return live;
  }
  onNotice(`starting an engine in the background (log: ${log})`);
  const logFrom = openAndMeasure(log);
  const howEnded = endOf(spawnEngine(config, log, program));
  const live = await untilLive(home, () => howEnded() !== undefined, signal);
  if (live !== undefined) return live;
  const why = lastLineOf(log, logFrom) ?? howEnded();
  throw new PawlError('unavailable', `the engine did not start: ${why} (log: ${log})`);
}

/**
 * Waits as long as somebody works at it: the process that was started, until `givenUp` says that it has ended, or
 * another engine that was quicker with the lock.
 */
async function untilLive(
  home: string,
  givenUp: () => boolean,
  signal?: AbortSignal,
): Promise<Endpoints | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const over = givenUp() && engineProcessOf(home) === undefined;
    const live = await liveEndpoints(home);
    if (live !== undefined || over) return live;
    await sleep(ASK_MS);
  }
}

function spawnEngine(config: Config, log: string, program: readonly string[]): ChildProcess {
  const output = openLog(log);
  try {
    const child = spawn(process.execPath, [...program], {
      cwd: config.home,
      env: environmentOf(config, process.env),
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * The same settings as here, whether they came from the environment or from options; nothing of an npm around us, and no mark
 * of the home's own agents: one that needs the engine brings it back, and the engine does not end with that attempt.
 */
export function environmentOf(config: Config, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwnMark = (name: string, value = '') =>
    name === MARK_VARIABLE && placeOfMark(hostIdOf(config.home), value) !== undefined;
  const kept = Object.entries(env).filter(
    ([name, value]) =>
      !name.startsWith('npm_') && !/^TEMPORAL_(?:ADDRESS|PROFILE)$/.test(name) && !isOwnMark(name, value),
  );
  const { temporal } = config;
  return {
    ...Object.fromEntries(kept),
    PAWL_HOME: config.home,
    PAWL_HOST: config.host,
    PAWL_PORT: String(config.port),
    PAWL_AGENTS_PER_HOST: String(config.agentsPerHostMax),
    PAWL_AGENTS_PER_REPOSITORY: String(config.agentsPerRepositoryMax),
    PAWL_GITHUB_POLL_SECONDS: String(config.gitHubPollSeconds),
    PAWL_WORKER: config.worker ? 'on' : 'off',
    PAWL_WORKFLOWS_CACHED: String(config.workflowsCachedMax),
    PAWL_BALLAST_MB: String(config.ballastBytes / 1024 ** 2),
    ...(temporal.kind === 'external' &&
      temporal.address !== undefined && { TEMPORAL_ADDRESS: temporal.address }),
    ...(temporal.kind === 'external' &&
      temporal.profile !== undefined && { TEMPORAL_PROFILE: temporal.profile }),
    ...(temporal.kind === 'external' && temporal.ui !== undefined && { PAWL_TEMPORAL_UI: temporal.ui }),
  };
}

/** Where this start's lines begin in the log. */
function openAndMeasure(log: string): number {
  closeSync(openLog(log));
  return sizeOfLog(log);
}

/** @returns how the child ended, or undefined while it runs */
function endOf(child: ChildProcess): () => string | undefined {
  let how: string | undefined;
  child.once('error', (error) => {
    how = error.message;
  });
  child.once('exit', (code, signal) => {
    how = signal === null ? `exit code ${code}` : `ended by ${signal}`;
  });
  return () => how;
}
