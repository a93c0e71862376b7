/**
 * One engine per home. The kernel's lock decides; `engine.json` beside it only says who holds it, so that a second
 * engine, `pawl down` and people know. Whoever holds the lock may start a Temporal on the home's database, nobody else.
 */
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { tryLock } from '../adapters/files/file-lock.ts';
import { isRunning, thisProcess } from '../adapters/programs/processes.ts';
import { placesIn } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import { inHome } from './home.ts';
import { readNote, removeNote, writeNote } from './noted-file.ts';

/** A holder notes itself within this time, and the kernel frees the lock of one that was killed. */
const SETTLE_MS = 2_000;

const EngineProcess = z.object({ pid: z.int(), startedAt: z.string(), since: z.iso.datetime() });
export type EngineProcess = z.infer<typeof EngineProcess>;

export interface EngineLock {
  /** False once the lock's file was removed or replaced: another engine may then hold a lock of the same name. */
  stillHeld(): boolean;
  /** Idempotent. */
  release(): void;
}

/**
 * Takes the home for this process. The kernel frees it when the process dies.
 * @throws PawlError `conflict` saying which engine runs there
 */
export async function takeEngineLock(home: string): Promise<EngineLock> {
  const giveUpAt = Date.now() + SETTLE_MS;
  for (;;) {
    const held = tryEngineLock(home);
    if (held !== undefined) return held;
    const holder = engineProcessOf(home);
    if (holder !== undefined || Date.now() > giveUpAt) throw occupied(home, holder);
    // Nobody is noted: of racers that hindered each other one must win, and a winner needs a moment to note itself.
    await sleep(10 + Math.random() * 50);
  }
}

/** The lock, or undefined when another process holds it. */
export function tryEngineLock(home: string): EngineLock | undefined {
  const { lock, engineProcess } = placesIn(home);
  return inHome(home, () => {
    const held = tryLock(lock);
    if (held === undefined) return undefined;
    const made = fileId(lock);
    let free = false;
    writeNote(engineProcess, { ...thisProcess(), since: new Date().toISOString() } satisfies EngineProcess);
    const stillHeld = () => !free && made !== undefined && fileId(lock) === made;
    return {
      stillHeld,
      release() {
        if (free) return;
        // Removed before the lock goes, so that the note of a successor is never taken away.
        if (stillHeld()) removeNote(engineProcess);
        free = true;
        held.release();
      },
    };
  });
}

/** The engine that holds the home now, also one that is still starting; undefined when none runs. */
export function engineProcessOf(home: string): EngineProcess | undefined {
  const noted = readNote(placesIn(home).engineProcess, EngineProcess);
  return noted !== undefined && isRunning(noted) ? noted : undefined;
}

function occupied(home: string, holder: EngineProcess | undefined): PawlError {
  const who =
    holder === undefined ? 'which has not said its pid' : `pid ${holder.pid}, since ${holder.since}`;
  return new PawlError(
    'conflict',
    `another engine runs in ${home} (${who}): use it, end it with \`pawl down\`, or set PAWL_HOME to another folder`,
    { details: holder },
  );
}

function fileId(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
