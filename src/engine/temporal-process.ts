/**
 * The embedded Temporal: a supervised child with its database in the home. It is started again on the same ports when
 * it dies, and stopped last. `temporal-left-over.ts` settles what a killed engine left.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Places } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { backOffMs } from './backoff.ts';
import { boundLog } from './bounded-log.ts';
import type { EngineLock } from './engine-lock.ts';
import { removeNote } from './noted-file.ts';
import { freePort } from './tcp-ports.ts';
import { adoptLeftOver } from './temporal-adopted.ts';
import { adopted, launchTemporal, type TemporalRun } from './temporal-child.ts';
import type { TemporalPorts } from './temporal-command.ts';
import { endLeftOvers, endServer } from './temporal-left-over.ts';

const PREFERRED_PORTS: TemporalPorts = { grpc: 7233, ui: 8233 };
/** A port that was free may be taken before Temporal has it: other engines start at the same time. */
const FIRST_STARTS_MAX = 4;
const LOG_CHECK_MS = 60_000;

export interface TemporalProcessOptions {
  readonly program: string;
  readonly home: string;
  readonly places: Places;
  readonly lock: EngineLock;
  readonly onNotice: (line: string) => void;
  /** The home is no longer this engine's: its Temporal is not started again, and the engine has to end. */
  readonly onLost: (reason: string) => void;
  /** Aborts a start that is under way. */
  readonly signal?: AbortSignal | undefined;
}

export interface TemporalProcess {
  /** host:port of gRPC; the same over all restarts. */
  readonly address: string;
  readonly ui: string;
  /** The pid now; undefined while it is away. */
  pid(): number | undefined;
  /** SIGTERM, then SIGKILL after 10 s. Idempotent; settles when it has ended and nothing starts it again. */
  stop(): Promise<void>;
}

/**
 * Adopts the home's Temporal that still runs, or ends it and starts one; settles when it serves.
 * @throws PawlError when it does not come up; no process is left then
 */
export async function startTemporal(options: TemporalProcessOptions): Promise<TemporalProcess> {
  const { home, places, lock } = options;
  const stopping = new AbortController();
  const first = await firstRun(options);
  const now: Now = { run: first };
  const supervision = supervise(options, first, now, stopping.signal).catch((error: unknown) =>
    options.onLost(`Temporal cannot be kept running: ${wordsOf(error)}`),
  );
  const logCheck = setInterval(() => boundLog(places.temporalLog), LOG_CHECK_MS);
  logCheck.unref();

  const stop = async () => {
    stopping.abort(new PawlError('unavailable', `the engine in ${home} is stopping`));
    clearInterval(logCheck);
    if (now.run !== undefined) await endServer(now.run, places.database);
    await supervision;
    // A replaced home may have a note of another engine's Temporal by now.
    if (lock.stillHeld()) removeNote(places.temporalProcess);
  };
  let stopped: Promise<void> | undefined;
  return {
    address: `127.0.0.1:${first.ports.grpc}`,
    ui: `http://127.0.0.1:${first.ports.ui}`,
    pid: () => now.run?.pid,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** What runs at the moment; absent between an end and the next start. */
interface Now {
  run: TemporalRun | undefined;
}

/** Settles when nothing is to be started again. */
async function supervise(
  options: TemporalProcessOptions,
  first: TemporalRun,
  now: Now,
  stopping: AbortSignal,
): Promise<void> {
  for (let run = first; ; ) {
    const how = await run.ended;
    now.run = undefined;
    if (stopping.aborted) return;
    options.onNotice(`Temporal ended (${how}); starting it again`);
    const next = await startAgain(options, run.ports, stopping);
    if (next === undefined) return;
    // It came up while the stop went by: nobody else ends it.
    if (stopping.aborted) return endServer(next, options.places.database);
    options.onNotice('Temporal is back');
    run = next;
    now.run = next;
  }
}

async function firstRun(options: TemporalProcessOptions): Promise<TemporalRun> {
  const { places, onNotice, signal = new AbortController().signal } = options;
  const found = await adoptLeftOver(places);
  if (found !== undefined) {
    onNotice(`taking over the Temporal (pid ${found.pid}) that an earlier engine left`);
    return adopted(found);
  }
  for (let start = 1; ; start += 1) {
    const ended = await endLeftOvers(places);
    if (ended > 0) onNotice('ended a Temporal that an earlier engine left');
    const ports = await choosePorts(start);
    try {
      return await launchTemporal({ ...options, ports }, signal);
    } catch (error) {
      if (signal.aborted || start >= FIRST_STARTS_MAX || !(await lostPort(error, ports))) {
        removeNote(places.temporalProcess);
        throw error;
      }
    }
  }
}

/** On the same ports, because clients and people's browsers know them; undefined when it must not or need not be. */
async function startAgain(
  options: TemporalProcessOptions,
  ports: TemporalPorts,
  stopping: AbortSignal,
): Promise<TemporalRun | undefined> {
  const { home, places, lock, onNotice, onLost } = options;
  for (let failures = 0; ; failures += 1) {
    await sleep(backOffMs(failures), undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return undefined;
    if (!lock.stillHeld()) {
      onLost(`the home ${home} was removed or replaced`);
      return undefined;
    }
    try {
      await endLeftOvers(places);
      return await launchTemporal({ ...options, ports }, stopping);
    } catch (error) {
      if (stopping.aborted) return undefined;
      onNotice(`${wordsOf(error)}; trying again`);
    }
  }
}

/** The usual ports first; after a start that lost its port to somebody, any. */
async function choosePorts(start: number): Promise<TemporalPorts> {
  const preferred = start === 1 ? PREFERRED_PORTS : undefined;
  const grpc = await freePort(preferred === undefined ? [] : [preferred.grpc]);
  const ui = await freePort(preferred === undefined ? [] : [preferred.ui]);
  return { grpc, ui };
}

/** Whether the start failed because somebody else has one of the ports, or had it for a moment (a connection going out). */
async function lostPort(error: unknown, { grpc, ui }: TemporalPorts): Promise<boolean> {
  if (wordsOf(error).includes('address already in use')) return true;
  return (await freePort([grpc])) !== grpc || (await freePort([ui])) !== ui;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
