/** Which Temporal an engine works with, and the start of the embedded one. */
import { type Config, placesIn } from '../config.ts';
import type { Endings } from './endings.ts';
import type { EngineLock } from './engine-lock.ts';
import { embeddedTarget, externalTarget, type TemporalTarget } from './target.ts';
import { startTemporal } from './temporal-process.ts';
import { temporalProgram } from './temporal-program.ts';

export interface Opening {
  readonly onNotice: (line: string) => void;
  /** The home is no longer this engine's. */
  readonly onLost: (reason: string) => void;
  readonly endings: Endings;
  /** Aborts a start that is under way. */
  readonly signal?: AbortSignal;
}

/** The Temporal of the settings: another one, or the home's own, which is started and ends with the engine. */
export async function openTemporal(
  { home, temporal }: Config,
  lock: EngineLock,
  { onNotice, onLost, endings, signal }: Opening,
): Promise<{ target: TemporalTarget; ui: string | null }> {
  if (temporal.kind === 'external') return { target: externalTarget(temporal), ui: temporal.ui ?? null };
  const program = await temporalProgram();
  signal?.throwIfAborted();
  const places = placesIn(home);
  const server = await startTemporal({ program, home, places, lock, onNotice, onLost, signal });
  endings.add('Temporal', () => server.stop());
  return { target: embeddedTarget(server.address), ui: server.ui };
}
