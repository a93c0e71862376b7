/**
 * Who runs on this machine: a process is named by pid *and* start time, because pids come back. Programs that Pawl
 * starts carry `PAWL_PROCESS=<mark>` in their environment, so that whatever is left of them after a kill is found,
 * also what left its process group. Linux reads /proc; macOS asks ps.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MARK_VARIABLE } from '../../domain/marks.ts';

export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

const linux = process.platform === 'linux';
const bootId = linux ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';

/** When the process started, in words that only compare for equality; undefined when it does not run. */
export function startTimeOf(pid: number): string | undefined {
  if (!linux) return askPs(['-o', 'lstart=', '-p', String(pid)]);
  const fields = statOf(pid);
  // Field 3 is the state, 22 the start time; a zombie has ended.
  return fields === undefined || fields[0] === 'Z' ? undefined : `${bootId}:${fields[19]}`;
}

export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  startedAt: startTimeOf(process.pid) ?? 'unknown',
});

export const isRunning = (one: ProcessIdentity): boolean => startTimeOf(one.pid) === one.startedAt;

/** The command line of a process, its arguments apart; empty when it cannot be read. */
export function argumentsOf(pid: number): readonly string[] {
  if (!linux) return askPs(['-o', 'command=', '-p', String(pid)])?.split(' ') ?? [];
  return readText(`/proc/${pid}/cmdline`)?.split('\0').slice(0, -1) ?? [];
}

/** The parent of a process; undefined when it does not run. */
export function parentOf(pid: number): number | undefined {
  const text = linux ? statOf(pid)?.[1] : askPs(['-o', 'ppid=', '-p', String(pid)]);
  return text === undefined ? undefined : Number(text);
}

export function allPids(): readonly number[] {
  const names = linux ? readdirSync('/proc') : (askPs(['-Ao', 'pid=']) ?? '').split(/\s+/);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Processes whose environment carries the mark, or one below it: `home/task` also finds `home/task/attempt-1`. */
export function markedProcesses(mark: string): readonly number[] {
  const entry = `${MARK_VARIABLE}=${mark}`;
  const carries = (variable: string) => variable === entry || variable.startsWith(`${entry}/`);
  if (!linux) {
    const lines = (askPs(['-AEww', '-o', 'pid=,command=']) ?? '').split('\n');
    return lines.filter((line) => line.split(' ').some(carries)).map((line) => Number.parseInt(line, 10));
  }
  return allPids().filter(
    (pid) =>
      readText(`/proc/${pid}/environ`)?.split('\0').some(carries) === true && startTimeOf(pid) !== undefined,
  );
}

/**
 * Ends every other process with the mark or one below it: SIGTERM, then SIGKILL after `graceMs`. Idempotent; settles when none is left.
 * @returns the pids of those that were ended
 * @throws Error naming the pids that even SIGKILL did not end within 5 s.
 */
export async function endMarked(mark: string, graceMs: number): Promise<readonly number[]> {
  const killAt = Date.now() + graceMs;
  const giveUpAt = killAt + 5_000;
  // Whoever ends them may carry it as well: `pawl down`, run by an agent.
  const others = () => markedProcesses(mark).filter((pid) => pid !== process.pid);
  let asked = new Set<number>();
  for (let left = others(); left.length > 0; left = others()) {
    const force = Date.now() >= killAt;
    if (Date.now() > giveUpAt) throw new Error(`processes ${left.join(', ')} survive SIGKILL`);
    for (const pid of left) {
      if (force || !asked.has(pid)) sendSignal(pid, force ? 'SIGKILL' : 'SIGTERM');
    }
    asked = new Set([...asked, ...left]);
    await sleep(20);
  }
  return [...asked];
}

/** Sends a signal to a process (or, negative, a group); false when there is none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** The fields of /proc/PID/stat after the program's name, which may itself hold blanks and brackets. */
function statOf(pid: number): readonly string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A file of /proc, or undefined when its process ended or belongs to another user. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function askPs(args: readonly string[]): string | undefined {
  try {
    return execFileSync('ps', args, { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // ps exits 1 when no process matches
  }
}
