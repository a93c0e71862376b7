/**
 * The errors of the last hours, in memory and in a file of the home, so that the next engine knows of them. Lines are
 * appended as they come and the file is written anew once it is much longer than what counts.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isCode } from '../adapters/files/without-links.ts';
import { CallError } from '../domain/engine-vitals.ts';
import { clip } from '../domain/limits.ts';

const ERROR_HOURS = 24;
const ERRORS_MAX = 100;
const MESSAGE_CHARS_MAX = 1_000;
const LINES_MAX = 10 * ERRORS_MAX;

export interface ErrorHistory {
  add(error: CallError): void;
  /** Newest last. */
  read(): CallError[];
}

export interface ErrorHistoryOptions {
  readonly path: string;
  /** Told once of a file that cannot be written: calls go on without it. */
  readonly onNotice: (line: string) => void;
  readonly now: () => number;
}

export function openErrorHistory({ path, onNotice, now }: ErrorHistoryOptions): ErrorHistory {
  let errors: CallError[] = [];
  let lines = Number.POSITIVE_INFINITY;
  let isBroken = false;
  const orTell = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!isBroken)
        onNotice(`${path} cannot be used (${String(error)}): errors are kept until the engine ends`);
      isBroken = true;
    }
  };
  const recent = () => {
    const since = new Date(now() - ERROR_HOURS * 3_600_000).toISOString();
    errors = errors.filter(({ at }) => at > since).slice(-ERRORS_MAX);
    return [...errors];
  };
  orTell(() => {
    errors = errorsIn(path);
  });
  return {
    add(error) {
      const kept = { ...error, message: clip(error.message, MESSAGE_CHARS_MAX) };
      errors.push(kept);
      orTell(() => {
        if (lines < LINES_MAX) appendFileSync(path, `${JSON.stringify(kept)}\n`);
        else writeAnew(path, recent());
        lines = lines < LINES_MAX ? lines + 1 : errors.length;
      });
      errors.splice(0, errors.length - ERRORS_MAX);
    },
    read: recent,
  };
}

/** A line that a crash tore says nothing. */
function errorsIn(path: string): CallError[] {
  return textOf(path)
    .split('\n')
    .flatMap((line) => CallError.safeParse(jsonOf(line)).data ?? []);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function writeAnew(path: string, errors: readonly CallError[]): void {
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, errors.map((error) => `${JSON.stringify(error)}\n`).join(''), { mode: 0o600 });
  renameSync(unfinished, path);
}
