/** Sweeps what the engine keeps of its own and nobody needs any more: once it is up, and every day. */
import type { Dirent } from 'node:fs';
import { opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../adapters/files/without-links.ts';
import { maintainMirrors } from '../adapters/git/mirror-upkeep.ts';
import { isAnswerExpired } from '../domain/retention.ts';

const EVERY_MS = 24 * 60 * 60_000;

export interface Sweeper {
  /** Settles when what it was doing has ended; nothing is swept afterwards. Idempotent. */
  stop(): Promise<void>;
}

export interface Swept {
  /** The folder of kept answers. */
  readonly answers: string;
  /** The folder of mirrors. */
  readonly mirrors: string;
}

/** @param finishRemovals deletes what is left of removed tasks */
export function startSweeper(
  { answers, mirrors }: Swept,
  onNotice: (line: string) => void,
  finishRemovals: (signal: AbortSignal) => Promise<void> = async () => undefined,
): Sweeper {
  const stopping = new AbortController();
  const { signal } = stopping;
  let sweeping: Promise<void> | undefined;
  const unlessFailing = (what: string, work: Promise<void>) =>
    work.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      if (!signal.aborted) onNotice(`${what} cannot be swept (${why}): tried again tomorrow`);
    });
  const sweepOld = async () => {
    const count = await sweepAnswers(answers, Date.now, signal);
    if (count > 0) onNotice(`${count} answers to calls with a key were older than is kept, and are removed`);
  };
  const packMirrors = async () => {
    const count = await maintainMirrors(mirrors, signal);
    if (count > 0) onNotice(`${count} mirrors of repositories were packed`);
  };
  const sweep = () => {
    // A sweep that takes longer than a day is not started a second time beside itself.
    sweeping ??= Promise.all([
      unlessFailing(answers, sweepOld()),
      unlessFailing(mirrors, packMirrors()),
      unlessFailing('what is left of removed tasks', finishRemovals(signal)),
    ]).then(() => {
      sweeping = undefined;
    });
  };
  const timer = setInterval(sweep, EVERY_MS).unref();
  sweep();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await sweeping;
    },
  };
}

/**
 * Safe beside whoever keeps and recalls answers: what is just being written is young. A call that kept its intent and died
 * may be made again while its old note is removed here: after that long it is a new call.
 * @returns how many were removed
 */
export async function sweepAnswers(
  folder: string,
  now: () => number = Date.now,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  for await (const entry of entriesOf(folder)) {
    if (signal?.aborted) return count;
    const path = join(folder, entry.name);
    const keptMs = entry.isFile() ? await keptAt(path) : undefined;
    if (keptMs === undefined || !isAnswerExpired(keptMs, now())) continue;
    await rm(path, { force: true });
    count += 1;
  }
  return count;
}

/** None where no answer was ever kept. */
async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  try {
    yield* await opendir(folder);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

/** undefined where the draft was renamed meanwhile. */
async function keptAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
