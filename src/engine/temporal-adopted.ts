/**
 * The Temporal of a killed engine that the next engine keeps. Apart from `temporal-left-over.ts`, because to ask whether it
 * serves takes Temporal's client, which is half of what a command of the command line would load.
 */
import { argumentsOf, isRunning } from '../adapters/programs/processes.ts';
import type { Places } from '../config.ts';
import { readNote } from './noted-file.ts';
import { isOurs } from './temporal-command.ts';
import { isServing } from './temporal-health.ts';
import { ServerNote, serversOn, type TemporalServer } from './temporal-left-over.ts';

/** The noted server if it runs, is on this database, was started as one would be now, and serves; it is kept. */
export async function adoptLeftOver(places: Places): Promise<TemporalServer | undefined> {
  const noted = readNote(places.temporalProcess, ServerNote);
  if (noted === undefined || 'starting' in noted || !isRunning(noted)) return undefined;
  if (!isOurs(argumentsOf(noted.pid), places.database, noted.ports)) return undefined;
  if (serversOn(places.database).some((other) => other.pid !== noted.pid)) return undefined;
  return (await isServing(`127.0.0.1:${noted.ports.grpc}`)) ? noted : undefined;
}
