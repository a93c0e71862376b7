/**
 * Logs of attempts, one file of JSON lines each: `<folder>/<task>/<run>/<attempt>.jsonl`, without the run where a task was begun
 * before that was kept. Lines go to the operating system at once, so a killed worker loses none, and anyone may read along.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { AttemptLog, AttemptLogs } from '../../activities/ports/storage-port.ts';
import type { Printed } from '../../domain/events.ts';
import { PawlError } from '../../domain/failures.ts';
import { attemptKey, TaskRun } from '../../domain/ids.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { isCode } from './without-links.ts';

const LINE_FEED = 10;
/** Holds the longest line there can be: a character takes up to six bytes in JSON. */
const READ_BYTES_MAX = 1024 * 1024;
/** Kept free of output, so that how the attempt ended is told even where the output was cut. */
const LAST_WORDS_BYTES = 128 * 1024;

const LogLine = z.object({ t: z.string(), type: z.string(), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

export function createAttemptLogs(
  folder: string,
  { bytesMax = LIMITS.attemptLogBytesMax, now = () => new Date(), onWritten = ignore }: LogOptions = {},
): AttemptLogs {
  const pathOf = (task: TaskRun, attempt: number) =>
    join(folder, `${attemptKey(TaskRun.parse(task), attempt)}.jsonl`);
  return {
    pathOf,
    /** Goes on with a log that is there already; a line torn by a kill stays apart from what follows. */
    open(task, attempt) {
      const path = pathOf(task, attempt);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const hear = (bytes: number) => onWritten({ type: 'output', id: task.id, attempt, bytes });
      return openLog(path, Math.max(0, bytesMax - LAST_WORDS_BYTES), bytesMax, now, hear);
    },
  };
}

interface LogOptions {
  readonly bytesMax?: number;
  readonly now?: () => Date;
  /** Hears after each line how long the log is. */
  readonly onWritten?: (output: Printed) => void;
}
const ignore = () => undefined;

function openLog(
  path: string,
  outputBytesMax: number,
  bytesMax: number,
  now: () => Date,
  onWritten: (bytes: number) => void,
): AttemptLog {
  const file = openSync(path, 'a+', 0o600);
  let size = fstatSync(file).size;
  let closed = false;
  let full = false;
  const append = (line: string) => {
    try {
      for (let bytes = Buffer.from(line); bytes.length > 0; ) {
        const written = writeSync(file, bytes);
        size += written;
        bytes = bytes.subarray(written);
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new PawlError('unavailable', `cannot write the attempt's log: ${why}; is the disk full?`, {
        cause: error,
      });
    }
  };
  const lineOf = (type: string, text: string) =>
    `${JSON.stringify({ t: now().toISOString(), type, text: clip(text, LIMITS.agentLineCharsMax) })}\n`;
  if (size > 0 && lastByte(file, size) !== LINE_FEED) append('\n');
  return {
    path,
    /** What comes after the log is full is dropped, and the log says so. @throws PawlError when it cannot be written */
    write({ type, text }) {
      if (closed) throw new Error(`the log ${path} is closed`);
      const line = lineOf(type, text);
      const isOutput = type === 'log' || type === 'progress';
      const fits = size + Buffer.byteLength(line) <= (isOutput ? outputBytesMax : bytesMax);
      // Once something was left out, shorter output that would still fit must not look like its sequel.
      if (fits && !(isOutput && full)) {
        append(line);
      } else if (!full) {
        full = true;
        append(lineOf('full', `this log is full (${bytesMax} bytes); further output is not kept`));
      }
      onWritten(size);
    },
    async close() {
      if (!closed) closeSync(file);
      closed = true;
    },
  };
}

function lastByte(file: number, size: number): number | undefined {
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, size - 1);
  return byte[0];
}

/** How long the log of the latest attempt is, in bytes; 0 where there is none. */
export function logBytesIn(folder: string): (state: TaskState) => Promise<number> {
  const { pathOf } = createAttemptLogs(folder);
  return async ({ id, run, attempts }) => {
    const file = await stat(pathOf({ id, ...(run === undefined ? {} : { run }) }, attempts.length)).catch(
      (error: unknown) => {
        if (isCode(error, 'ENOENT')) return undefined;
        throw error;
      },
    );
    return file?.size ?? 0;
  };
}

/**
 * The whole lines from a byte offset on, about 1 MB at most, and the offset to go on from (the same when there is
 * nothing new). A torn or damaged line is left out; no file yet is an empty one.
 */
export async function readAttemptLog(
  path: string,
  offset: number,
): Promise<{ readonly lines: readonly LogLine[]; readonly next: number }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (file === undefined) return { lines: [], next: offset };
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_BYTES_MAX), 0, READ_BYTES_MAX, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED) + 1;
    // No line is that long: what fills the whole buffer is damage, to be passed by.
    if (end === 0 && bytesRead === READ_BYTES_MAX) return { lines: [], next: offset + bytesRead };
    const lines = buffer.toString('utf8', 0, end).split('\n').flatMap(logLineOf);
    return { lines, next: offset + end };
  } finally {
    await file.close();
  }
}

function logLineOf(text: string): readonly LogLine[] {
  try {
    const parsed = LogLine.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return []; // torn by a kill, or the middle of a line
  }
}
