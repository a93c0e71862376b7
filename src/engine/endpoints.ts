/** `$PAWL_HOME/endpoints.json`: where the engine of a home is reached while it runs. Written last, removed first. */
import { z } from 'zod';
import { isRunning } from '../adapters/programs/processes.ts';
import { placesIn } from '../config.ts';
import { readNote, removeNote, writeNote } from './noted-file.ts';

const Endpoints = z.object({
  api: z.string(),
  /** host:port of Temporal's gRPC. */
  temporal: z.string(),
  /** The Temporal Web UI; null where another Temporal is used, whose Web UI nobody has named. */
  ui: z.string().nullable(),
  pid: z.int(),
  startedAt: z.string(),
  namespace: z.string(),
  /** Whether the worker is inside the engine. */
  worker: z.boolean().default(true),
});
export type Endpoints = z.infer<typeof Endpoints>;

export const writeEndpoints = (home: string, endpoints: Endpoints): void =>
  writeNote(placesIn(home).endpoints, endpoints);

/** The endpoints of the engine that runs now. What a killed engine left behind is nothing. */
export async function liveEndpoints(home: string): Promise<Endpoints | undefined> {
  const noted = readNote(placesIn(home).endpoints, Endpoints);
  return noted !== undefined && isRunning(noted) ? noted : undefined;
}

/** Removes the file if it is this engine's own or a dead one's. Idempotent. */
export async function removeEndpoints(home: string, own: { pid: number; startedAt: string }): Promise<void> {
  const live = await liveEndpoints(home);
  if (live === undefined || (live.pid === own.pid && live.startedAt === own.startedAt)) {
    removeNote(placesIn(home).endpoints);
  }
}
