/**
 * The calls under a key that a home keeps: JSON lines in one file, appended with at most one flush for all that are waiting, and
 * an index in memory that says where in the file each is. Of one process: the engine, which holds the lock of its home.
 */
import { appendFileSync, closeSync, fdatasync, openSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { PawlError } from '../../domain/failures.ts';
import { type Durability, KeptCall, type KeptCalls } from '../../domain/kept-call.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isAnswerExpired } from '../../domain/retention.ts';
import { LINE_END, type Line, linesIn } from './file-lines.ts';
import { syncFolder } from './sync-folder.ts';

/** A file of which less than half counts is written anew, unless it is small. */
const SLACK_BYTES = 1024 * 1024;

interface Place {
  readonly atMs: number;
  readonly offset: number;
  readonly bytes: number;
}

interface Batch {
  readonly calls: KeptCall[];
  durability: Durability;
  readonly written: Promise<void>;
}

export interface KeyFileOptions {
  readonly path: string;
  readonly now?: () => number;
  readonly callsMax?: number;
  readonly bytesMax?: number;
}

/** Read when it is first asked for. The oldest calls make room where there are too many. */
export function createKeyFile({
  path,
  now = Date.now,
  callsMax = LIMITS.keptCallsMax,
  bytesMax = LIMITS.keptCallsBytesMax,
}: KeyFileOptions): KeptCalls {
  /** Oldest first. */
  const index = new Map<string, Place>();
  let liveBytes = 0;
  /** Of the file; undefined before it was read, and after a failure that may have left a part of a line. */
  let size: number | undefined;
  let batch: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const own = last.then(act).catch((error: unknown) => {
      size = undefined;
      throw asAnswer(error, path);
    });
    last = own.catch(() => undefined);
    return own;
  };

  const forget = (id: string) => {
    liveBytes -= index.get(id)?.bytes ?? 0;
    index.delete(id);
  };
  const take = ({ id, at, ...call }: KeptCall, { offset, bytes }: Omit<Place, 'atMs'>) => {
    forget(id);
    if ((call.note !== undefined || call.answer !== undefined) && !isAnswerExpired(at, now())) {
      index.set(id, { atMs: at, offset, bytes });
      liveBytes += bytes;
    }
    for (const [oldest, { atMs }] of index) {
      if (index.size <= callsMax && liveBytes <= bytesMax && !isAnswerExpired(atMs, now())) break;
      forget(oldest);
    }
  };

  async function ready(): Promise<number> {
    if (size !== undefined) return size;
    index.clear();
    liveBytes = 0;
    let end = 0;
    for await (const line of linesIn(path)) {
      end = line.offset + line.bytes.length;
      const call = callIn(line);
      if (call !== undefined) take(call, { offset: line.offset, bytes: line.bytes.length });
    }
    // What does not count goes, and with it a last line that a crash tore.
    size = end === liveBytes ? end : await compact();
    return size;
  }

  /** @returns the size of the new file, which holds what counts and nothing else */
  async function compact(): Promise<number> {
    const draft = `${path}.new`;
    await rm(draft, { force: true });
    const moved: [string, Place][] = [];
    let offset = 0;
    const [from, to] = [await open(path, 'r'), await open(draft, 'wx', 0o600)];
    try {
      for (const [id, place] of index) {
        await to.appendFile(await bytesAt(from, place));
        moved.push([id, { ...place, offset }]);
        offset += place.bytes;
      }
      await to.sync();
    } finally {
      await Promise.all([from.close(), to.close()]);
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
    for (const [id, place] of moved) index.set(id, place);
    return offset;
  }

  async function append({ calls, durability }: Batch): Promise<void> {
    let offset = await ready();
    const lines = calls.map((call) => Buffer.from(`${JSON.stringify(call)}\n`));
    const file = openSync(path, 'a', 0o600);
    try {
      // Into the system's memory, which takes less than to hand it to another thread; the disk is waited for beside other calls.
      appendFileSync(file, Buffer.concat(lines));
      if (durability === 'flushed') await flush(file);
    } finally {
      closeSync(file);
    }
    if (offset === 0 && durability === 'flushed') await syncFolder(dirname(path));
    for (const [at, { length: bytes }] of lines.entries()) {
      const call = calls[at];
      if (call !== undefined) take(call, { offset, bytes });
      offset += bytes;
    }
    size = offset > 2 * liveBytes + SLACK_BYTES ? await compact() : offset;
  }

  return {
    find: (id) =>
      inTurn(async () => {
        await ready();
        const place = index.get(id);
        if (place === undefined || isAnswerExpired(place.atMs, now())) return undefined;
        const file = await open(path, 'r');
        try {
          return callIn({ offset: place.offset, bytes: await bytesAt(file, place) });
        } finally {
          await file.close();
        }
      }),
    put(call, durability) {
      if (batch === undefined) {
        const own: Batch = {
          calls: [],
          durability: 'written',
          written: inTurn(() => {
            batch = undefined;
            return append(own);
          }),
        };
        batch = own;
      }
      batch.calls.push({ ...call, at: now() });
      if (durability === 'flushed') batch.durability = durability;
      return batch.written;
    },
  };
}

const flush = promisify(fdatasync);

async function bytesAt(file: FileHandle, { offset, bytes }: Place): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  if (bytesRead < bytes) throw new Error(`expected ${bytes} bytes at ${offset}, found ${bytesRead}`);
  return buffer;
}

/** undefined for what is no line of this file: a crash tore it. */
function callIn({ bytes }: Line): KeptCall | undefined {
  if (bytes.at(-1) !== LINE_END) return undefined;
  try {
    return KeptCall.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function asAnswer(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof PawlError) return error;
  return new PawlError(
    'unavailable',
    `${path} cannot be used (${error.message}), which holds what calls with a key were answered: make room, or give the engine's user the right to write it; then make the same call again`,
    { cause: error },
  );
}
