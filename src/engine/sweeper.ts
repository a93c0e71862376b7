/** Sweeps what the engine keeps of its own and nobody needs any more: once it is up, and every day. */
import type { Dirent } from 'node:fs';
import { opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../adapters/files/without-links.ts';
import { isAnswerExpired } from '../domain/retention.ts';

const EVERY_MS = 24 * 60 * 60_000;

export interface Sweeper {
  /** Settles when what it was doing has ended; nothing is swept afterwards. Idempotent. */
  stop(): Promise<void>;
}

/** @param answers the folder of kept answers */
export function startSweeper(answers: string, onNotice: (line: string) => void): Sweeper {
  const stopping = new AbortController();
  let sweeping: Promise<void> | undefined;
  const sweep = () => {
    // A sweep that takes longer than a day is not started a second time beside itself.
    sweeping ??= sweepAnswers(answers, Date.now, stopping.signal)
      .then((count) => {
        if (count > 0)
          onNotice(`${count} answers to calls with a key were older than is kept, and are removed`);
      })
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        onNotice(`${answers} cannot be swept (${why}): tried again tomorrow`);
      })
      .finally(() => {
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
