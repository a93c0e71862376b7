/**
 * Log files of processes that outlive whoever reads them: the process writes to the file itself, because a pipe would
 * kill it together with the engine. The file is bounded from outside; one older generation is kept as `<file>.1`.
 */
import { closeSync, copyFileSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs';

const LOG_BYTES_MAX = 8 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;

/** Opens the log for a child's stdout and stderr; the caller closes the descriptor. Every write goes to the end. */
export function openLog(path: string): number {
  boundLog(path);
  return openSync(path, 'a', 0o600);
}

/** Empties a log that has grown too long. It is cut in place, because its writer keeps the file open. */
export function boundLog(path: string, bytesMax = LOG_BYTES_MAX): void {
  if (sizeOfLog(path) <= bytesMax) return;
  try {
    copyFileSync(path, `${path}.1`);
  } catch (error) {
    // A full disk is when a long log must go most of all.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    rmSync(`${path}.1`, { force: true });
  }
  truncateSync(path);
}

export const sizeOfLog = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** The last line that says something, of what was written from `offset` on. @param about one that is looked for first */
export function lastLineOf(path: string, offset = 0, about?: RegExp): string | undefined {
  const size = sizeOfLog(path);
  const from = Math.max(offset, size - TAIL_BYTES);
  if (size <= from) return undefined;
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(size - from);
    const length = readSync(file, buffer, 0, buffer.length, from);
    const lines = buffer
      .toString('utf8', 0, length)
      .split('\n')
      .map((line) => line.trim());
    const found = about && lines.findLast((line) => about.test(line));
    return found ?? lines.findLast((line) => line !== '');
  } finally {
    closeSync(file);
  }
}
