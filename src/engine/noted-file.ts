/**
 * Small JSON files by which processes of one home tell each other something. A file appears whole or not at all, and
 * one that is missing, torn or of another shape reads as "nothing noted": whoever reads it then looks for itself.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/** Replaces the file, mode 0600. A kill leaves the old content or the new. */
export function writeNote(path: string, value: unknown): void {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    writeFileSync(unfinished, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** What the file says, or undefined where it says nothing of this shape. @throws Error when it may not be read */
export function readNote<T extends z.ZodType>(path: string, shape: T): z.output<T> | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const removeNote = (path: string): void => rmSync(path, { force: true });

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
