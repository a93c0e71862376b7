/**
 * A ballast file, as databases keep one: room on the home's disk that nobody else takes. It is given back when the disk is full, so
 * that Temporal can go on writing, and what there is can be read, cancelled and stopped while a person makes room.
 */
import { open, rename, rm, stat } from 'node:fs/promises';
import type { Disk } from '../activities/ports/disk-port.ts';
import { isCode } from '../adapters/files/without-links.ts';

const LOOK_MS = 500;
const CHUNK = Buffer.alloc(1024 * 1024, 'pawl');
/** Given back when less than this part of it is free, made again when so many times as much is. */
const LOW = 1 / 4;
const AMPLE = 4;

export interface Ballast {
  /** Settles when nothing of it is under way. The file stays. */
  stop(): Promise<void>;
}

/** @param bytes 0: none is kept, and one that is there goes */
export function keepBallast(
  path: string,
  bytes: number,
  disk: Disk,
  onNotice: (line: string) => void,
): Ballast {
  const stopping = new AbortController();
  let looking: Promise<void> | undefined;
  let isThere: boolean | undefined;
  const look = async () => {
    isThere ??= await hasSize(path, bytes);
    const free = await disk.freeBytes();
    if (isThere && free < bytes * LOW) {
      await rm(path, { force: true });
      isThere = false;
      onNotice(`the disk is full: ${path} was given up, so that the engine can go on; make room`);
    } else if (!isThere && free >= bytes * AMPLE) {
      isThere = await fill(path, bytes, stopping.signal);
    }
  };
  const lookOnce = () => {
    // What cannot be done now is tried again at the next look.
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = bytes > 0 ? setInterval(lookOnce, LOOK_MS).unref() : undefined;
  if (bytes > 0) void lookOnce();
  else looking = rm(path, { force: true });
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await looking;
    },
  };
}

async function hasSize(path: string, bytes: number): Promise<boolean> {
  try {
    return (await stat(path)).size >= bytes;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Written, because a file of holes takes no room. @returns false where it was stopped before it was done */
async function fill(path: string, bytes: number, signal: AbortSignal): Promise<boolean> {
  const draft = `${path}.new`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      for (let written = 0; written < bytes; written += CHUNK.length) {
        if (signal.aborted) return false;
        await file.write(CHUNK, 0, Math.min(CHUNK.length, bytes - written));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}
