/** One run of the embedded Temporal: from its start until it serves, and the news of its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startTimeOf } from '../adapters/programs/processes.ts';
import type { Places } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { lastLineOf, openLog, sizeOfLog } from './bounded-log.ts';
import { holderOf, listensOn } from './tcp-ports.ts';
import { type TemporalPorts, temporalArguments, temporalEnvironment } from './temporal-command.ts';
import { untilServing } from './temporal-health.ts';
import { endServer, noteServer, noteStarting, type TemporalServer } from './temporal-left-over.ts';

/** A large database on a slow disk takes a while; what takes longer does not come up at all. */
const START_MS_MAX = 60_000;
/** An adopted server is looked after by asking; a child tells of its end itself. */
const WATCH_MS = 500;

export interface TemporalRun extends TemporalServer {
  /** Settles when the process has ended, with how. */
  readonly ended: Promise<string>;
}

export interface LaunchOptions {
  readonly program: string;
  readonly home: string;
  readonly places: Places;
  readonly ports: TemporalPorts;
}

/**
 * Starts Temporal and waits until it serves. In a process group of its own, so that Ctrl-C does not end it before the
 * worker. A failed or aborted start leaves no process.
 * @throws PawlError `unavailable` with the last line of its log; the signal's reason when aborted
 */
export async function launchTemporal(options: LaunchOptions, signal: AbortSignal): Promise<TemporalRun> {
  const { places, ports } = options;
  signal.throwIfAborted();
  const logFrom = sizeOfLog(places.temporalLog);
  noteStarting(places);
  const child = spawnTemporal(options);
  const ended = endOf(child);
  const run: TemporalRun | undefined = runOf(child, ports, ended);
  let isTaken = false;
  if (run !== undefined) {
    noteServer(places, run);
    const serves = await comesUp(run, ended, signal);
    // The answer may come from the server of another home, which took the port a moment before: ours is about to end then.
    isTaken = serves && listensOn(run.pid, ports.grpc) === false;
    if (serves && !isTaken) return run;
    await endServer(run, places.database);
  }
  const how = await ended;
  signal.throwIfAborted();
  if (isTaken) {
    const who = holderOf(ports.grpc) ?? 'another process';
    throw new PawlError(
      'unavailable',
      `Temporal did not start: address already in use: ${who} has port ${ports.grpc}`,
    );
  }
  const from = Math.min(logFrom, sizeOfLog(places.temporalLog));
  // After it has said that its port is taken, Temporal 1.29 panics, and ends with many lines about that.
  const words = lastLineOf(places.temporalLog, from, /address already in use/) ?? how;
  throw new PawlError('unavailable', `Temporal did not start: ${words} (log: ${places.temporalLog})`);
}

/** A server that an earlier engine started: no child of this process, so its end is looked for. */
export const adopted = (server: TemporalServer): TemporalRun => ({ ...server, ended: untilGone(server) });

function spawnTemporal({ program, home, places, ports }: LaunchOptions): ChildProcess {
  const log = openLog(places.temporalLog);
  try {
    return spawn(program, temporalArguments(places.database, ports), {
      cwd: home,
      env: temporalEnvironment(home, process.env),
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

function runOf(child: ChildProcess, ports: TemporalPorts, ended: Promise<string>): TemporalRun | undefined {
  if (child.pid === undefined) return undefined;
  const startedAt = startTimeOf(child.pid);
  return startedAt === undefined ? undefined : { pid: child.pid, startedAt, ports, ended };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
  });
}

async function comesUp(run: TemporalRun, ended: Promise<string>, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  const anyEnd = AbortSignal.any([signal, over.signal, AbortSignal.timeout(START_MS_MAX)]);
  return (await untilServing(`127.0.0.1:${run.ports.grpc}`, anyEnd)) && isRunning(run);
}

async function untilGone(server: TemporalServer): Promise<string> {
  while (isRunning(server)) await sleep(WATCH_MS);
  return 'it ended';
}
