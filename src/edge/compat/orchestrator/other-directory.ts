/** Over HTTP a request knows nothing of the one before: for which directory a client speaks is said by its address. */
import { PawlError } from '../../../domain/failures.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { sessionOf } from './own-tasks.ts';

export interface Other {
  /** Of the input, that names it. */
  readonly field: string;
  readonly directory: string;
}

/** @throws PawlError `invalid_input`, which tells the address to connect to, where the client cannot change it by a call */
export async function refuseOther(
  engine: Calls,
  context: ToolContext,
  { field, directory }: Other,
): Promise<void> {
  if (context.addressOf === undefined) return;
  const own = await sessionOf(engine, context);
  if (own.directory === directory) return;
  throw new PawlError(
    'invalid_input',
    `${field}: this connection speaks for ${own.directory}: connect to ${context.addressOf(directory)} for ${directory}`,
    { details: [[field]] },
  );
}
