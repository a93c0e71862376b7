/**
 * What a killed engine left: its Temporal runs on. Two servers on one database file both start and lose data, so before
 * one is started every other on the file is adopted (`temporal-adopted.ts`) or has ended. Only the holder of the engine
 * lock may come here. The command line does as well: nothing of Temporal's SDK is loaded here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  allPids,
  argumentsOf,
  isRunning,
  type ProcessIdentity,
  sendSignal,
  startTimeOf,
} from '../adapters/programs/processes.ts';
import type { Places } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { readNote, writeNote } from './noted-file.ts';
import { servesDatabase, type TemporalPorts } from './temporal-command.ts';

/** SIGTERM lets it close its database, which takes 1 to 3 s. */
const END_GRACE_MS = 10_000;
const KILL_WAIT_MS = 5_000;
/** An engine killed while it started Temporal: the program shows under its own name within this time. */
const APPEAR_MS = 500;

export interface TemporalServer extends ProcessIdentity {
  readonly ports: TemporalPorts;
}

/** What is noted of the server: that one is started, or which one runs. */
export const ServerNote = z.union([
  z.object({ starting: z.literal(true) }),
  z.object({ pid: z.int(), startedAt: z.string(), ports: z.object({ grpc: z.int(), ui: z.int() }) }),
]);

/** Noted before the program is started: a successor then knows that one may be about to appear. */
export const noteStarting = (places: Places): void => writeNote(places.temporalProcess, { starting: true });

export const noteServer = (places: Places, { pid, startedAt, ports }: TemporalServer): void =>
  writeNote(places.temporalProcess, { pid, startedAt, ports });

/**
 * Ends every Temporal on the database, noted or not. Idempotent.
 * @returns how many there were
 * @throws PawlError `conflict` naming one that cannot be ended
 */
export async function endLeftOvers(places: Places): Promise<number> {
  const noted = readNote(places.temporalProcess, ServerNote);
  if (noted !== undefined && 'starting' in noted) await untilAppeared(places.database);
  const found = serversOn(places.database);
  await Promise.all(found.map((server) => endServer(server, places.database)));
  return found.length;
}

/**
 * SIGTERM, then SIGKILL after the grace time; settles when the process has ended. Idempotent.
 * @throws PawlError `conflict` when it cannot be ended
 */
export async function endServer(server: ProcessIdentity, database: string): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', END_GRACE_MS],
    ['SIGKILL', KILL_WAIT_MS],
  ] as const) {
    if (!isRunning(server)) return;
    try {
      sendSignal(server.pid, signal);
    } catch (error) {
      throw cannotEnd(server, database, error);
    }
    if (await untilEnded(server, waitMs)) return;
  }
  throw cannotEnd(server, database);
}

/** Every Temporal on the database, noted or not. */
export function serversOn(database: string): ProcessIdentity[] {
  return allPids().flatMap((pid) => {
    if (pid === process.pid || !servesDatabase(argumentsOf(pid), database)) return [];
    const startedAt = startTimeOf(pid);
    return startedAt === undefined ? [] : [{ pid, startedAt }];
  });
}

async function untilAppeared(database: string): Promise<void> {
  for (const giveUpAt = Date.now() + APPEAR_MS; Date.now() < giveUpAt; await sleep(25)) {
    if (serversOn(database).length > 0) return;
  }
}

async function untilEnded(server: ProcessIdentity, waitMs: number): Promise<boolean> {
  for (const giveUpAt = Date.now() + waitMs; Date.now() < giveUpAt; await sleep(25)) {
    if (!isRunning(server)) return true;
  }
  return !isRunning(server);
}

const cannotEnd = (server: ProcessIdentity, database: string, cause?: unknown): PawlError =>
  new PawlError(
    'conflict',
    `a Temporal (pid ${server.pid}) uses ${database} and cannot be ended: end it yourself, then start again`,
    { cause },
  );
