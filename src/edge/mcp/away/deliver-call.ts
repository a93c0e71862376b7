/** How a call that was kept is made, now that the engine is back. */
import { PawlError } from '../../../domain/failures.ts';
import { clip } from '../../../domain/limits.ts';
import type { Delivery, SpooledCall } from '../../../domain/spooled-call.ts';
import { callRow, contextFor, errorResult, type RowDeps, type Speaking } from '../row-call.ts';
import { TOOLSET_NAMES, toolsOf } from '../toolsets.ts';
import { errorIn } from './failure-kind.ts';

/** Of what the engine said the first line is told: how things stood after it is past. */
const TEXT_CHARS_MAX = 500;

/**
 * As the client would have made it: in its session, for its directory, under its key.
 * @throws PawlError `unavailable` where the engine is away (still, or again)
 */
export async function deliverCall(
  { tool, input, key, directory, session }: SpooledCall,
  { readFile, ...deps }: RowDeps & Pick<Speaking, 'readFile'>,
  signal: AbortSignal,
): Promise<Delivery> {
  // One of another toolset may have been kept by another adapter.
  const row = toolsOf(TOOLSET_NAMES.join()).find(({ name }) => name === tool);
  const told = { tool, session };
  if (row === undefined) return { ...told, taken: false, text: 'this version of Pawl has no such tool' };
  const context = contextFor({ speaker: { directory }, readFile }, { signal });
  const keyed = { ...input, idempotency_key: key };
  const answer = await callRow(row, { ...deps, session }, { input: keyed, context }).catch(
    (error: unknown) => {
      if (signal.aborted || isAway(error)) throw error;
      return errorResult(error, deps.onBug);
    },
  );
  const [first] = answer.content;
  const [line = ''] = first?.type === 'text' ? first.text.split('\n', 1) : [];
  const text = clip(line, TEXT_CHARS_MAX);
  const isRefused = answer.isError === true;
  if (errorIn(answer)?.code === 'unavailable') throw new PawlError('unavailable', text);
  return { ...told, taken: !isRefused, text };
}

const isAway = (error: unknown): boolean => error instanceof PawlError && error.code === 'unavailable';
