/** The end of a home's engine, and of what a killed one left: its programs, which cost money and nobody watches, and its Temporal. */
import { existsSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isRunning,
  markedProcesses,
  type ProcessIdentity,
  sendSignal,
} from '../adapters/programs/processes.ts';
import { type Config, placesIn } from '../config.ts';
import { PawlError } from '../domain/failures.ts';
import type { EndedPrograms } from '../left-programs.ts';
import { engineProcessOf, takeEngineLock } from './engine-lock.ts';
import { hostIdOf } from './home.ts';
import { endLeftOvers } from './temporal-left-over.ts';

const ASK_MS = 50;
/** The worker's last steps and Temporal's database take up to this long; what is left then is killed. */
const STOP_MS = 30_000;
/** Most end sooner: whoever waits longer is told for what. */
const TELL_MS = 500;
/** A process that SIGKILL does not end waits in the kernel. */
const KILL_MS = 5_000;

interface Stopped extends EndedPrograms {
  /** False when nothing ran. */
  readonly stopped: boolean;
  /** Whether the engine did not end when it was asked to. */
  readonly killed: boolean;
}

interface Stopping {
  /** How long it may take to end by itself. */
  readonly stopMs?: number;
  readonly onNotice?: (line: string) => void;
}

/**
 * Ends the engine of the home and, where a killed one left them, its programs and its Temporal.
 * @throws PawlError `conflict` when the engine or its Temporal cannot be ended
 */
export async function stopEngine(config: Config, stopping: Stopping = {}): Promise<Stopped> {
  const running = engineProcessOf(config.home);
  const killed = running !== undefined && (await endEngine(running, config.home, stopping));
  const { temporals, ...programs } = await endWhatWasLeft(config.home, running);
  const left = temporals + programs.ended.length + programs.left.length;
  return { stopped: running !== undefined || left > 0, killed, ...programs };
}

/** @returns whether it had to be killed */
async function endEngine(
  engine: ProcessIdentity,
  home: string,
  { stopMs = STOP_MS, onNotice = () => undefined }: Stopping,
): Promise<boolean> {
  const named = `the engine (pid ${engine.pid})`;
  const asked = `${named} is asked to end, and killed where it has not within ${stopMs / 1_000} s`;
  const telling = setTimeout(() => onNotice(asked), TELL_MS);
  const ended = await endBy('SIGTERM', engine, stopMs).finally(() => clearTimeout(telling));
  if (ended) return false;
  onNotice(`${named} has not ended: it is killed`);
  if (await endBy('SIGKILL', engine, KILL_MS)) return true;
  const left = markedProcesses(hostIdOf(home));
  const runs = left.length === 0 ? '' : `, and what it has at work still runs (pid ${left.join(', ')})`;
  throw new PawlError(
    'conflict',
    `${named} survives SIGKILL${runs}: once that process has ended, \`pawl down\` again ends the rest`,
  );
}

async function endBy(signal: NodeJS.Signals, engine: ProcessIdentity, waitMs: number): Promise<boolean> {
  if (isRunning(engine)) sendSignal(engine.pid, signal);
  for (const giveUpAt = Date.now() + waitMs; Date.now() < giveUpAt && isRunning(engine); )
    await sleep(ASK_MS);
  return !isRunning(engine);
}

interface Left extends EndedPrograms {
  readonly temporals: number;
}
const NOTHING: Left = { temporals: 0, ended: [], left: [] };

/** Under the lock: what is left while nobody's engine watches it is a left-over, anything else is another engine's. */
async function endWhatWasLeft(given: string, engine: ProcessIdentity | undefined): Promise<Left> {
  const { database, journal } = placesIn(given);
  if (!existsSync(database) && !existsSync(journal)) return NOTHING;
  const home = realpathSync(given);
  const held = await takeEngineLock(home).catch((error: unknown) => {
    if (error instanceof PawlError && error.code === 'conflict') return undefined;
    throw error;
  });
  if (held === undefined) return NOTHING;
  try {
    const { endLeftPrograms } = await import('../left-programs.ts');
    const programs = await endLeftPrograms(home, engine);
    return { ...programs, temporals: await endLeftOvers(placesIn(home)) };
  } finally {
    held.release();
  }
}
