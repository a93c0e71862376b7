/** Runs a program for set-up: no shell, its output read line by line, its end in one sentence, ended with set-up. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';

const TAIL_LINES = 12;

/** Set-up was told to stop: what it made so far is cleared away on the way out, nothing else is tried. */
export class SetupStopped extends Error {
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = 'SetupStopped';
    this.signal = signal;
  }
}

/** Programs under way, and the signal that told set-up to stop: it takes them along. */
const running = new Set();
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
let stoppedBy;

function stop(signal) {
  // A second signal means at once.
  if (stoppedBy !== undefined) process.exit(128 + constants.signals[signal]);
  stoppedBy = signal;
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs `program` to its end.
 * @throws Error saying how it ended. @throws SetupStopped when set-up was told to stop meanwhile.
 */
export async function run(program, args, { cwd, env = process.env, onLine, timeoutMs = 30 * 60_000 } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  if (running.size === 0) for (const signal of STOPS) process.on(signal, stop);
  running.add(child);
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (tail.push(line) > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  }
  try {
    await new Promise((resolve, reject) => {
      const fail = (words) =>
        reject(stoppedBy === undefined ? new Error(`${program}: ${words}`) : new SetupStopped(stoppedBy));
      child.on('error', (error) => fail(error.code === 'ENOENT' ? 'not found on PATH' : error.message));
      child.on('close', (code, signal) => {
        if (code === 0) resolve();
        else fail(code === null ? `ended by ${signal}` : `exit ${code}: ${lastWords(tail)}`);
      });
    });
  } finally {
    running.delete(child);
    if (running.size === 0) for (const signal of STOPS) process.off(signal, stop);
  }
}

/** The lines that say why: npm's very last one only names its log. */
function lastWords(tail) {
  const words = tail
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('A complete log of'));
  return words.slice(-3).join(' | ').slice(0, 500) || 'it printed nothing';
}
