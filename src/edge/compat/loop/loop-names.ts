/** Loops by the names that clients know them by: `bugfix-loop` is `bugfix` where there is no loop of the longer name. */
import { PawlError } from '../../../domain/failures.ts';
import { clip } from '../../../domain/limits.ts';
import { LoopId } from '../../../domain/loops/loop-words.ts';
import { unlessNotFound } from './finding.ts';

/** @throws PawlError `not_found`, as `act` says it of the name that was given */
export async function byLoopName<T>(
  given: string,
  field: string,
  act: (loop: LoopId) => Promise<T>,
): Promise<T> {
  const named = LoopId.safeParse(given);
  if (!named.success) throw noLoop(given, field);
  const short = shortOf(named.data);
  if (short === undefined) return act(named.data);
  return (
    (await unlessNotFound(() => act(named.data))) ??
    (await unlessNotFound(() => act(short))) ??
    act(named.data)
  );
}

/** The ids by which executions of this loop may be known. */
export function loopIdsOf(given: string): readonly LoopId[] {
  const named = LoopId.safeParse(given);
  if (!named.success) return [];
  const short = shortOf(named.data);
  return short === undefined ? [named.data] : [named.data, short];
}

function shortOf(name: LoopId): LoopId | undefined {
  const short = LoopId.safeParse(name.replace(/-loop$/, ''));
  return short.success && short.data !== name ? short.data : undefined;
}

const noLoop = (given: string, field: string): PawlError =>
  new PawlError(
    'not_found',
    `${field}: there is no loop ${clip(given, 100)}: list_loops tells those there are`,
    {
      details: [[field]],
    },
  );
