/** The engine of this process as requests of MCP ask it. */
import { callNamed, callsBy } from '../../domain/calls.ts';
import { PawlError } from '../../domain/failures.ts';
import type { EngineApi } from '../../domain/operations.ts';
import type { KeepsAnswers } from './keyed-tools.ts';

/** An engine in this process, and where it keeps answers. */
export type McpEngine = EngineApi & Pick<Extract<KeepsAnswers, { readonly kind: 'here' }>, 'once'>;

/** @throws PawlError `unavailable` while there is no engine */
export function running(engine: () => McpEngine | undefined): McpEngine {
  const now = engine();
  if (now === undefined) throw new PawlError('unavailable', 'the engine is starting: try again in a moment');
  return now;
}

/** Asks again whether a request may in. @throws Refusal, or PawlError */
export type Admit = () => Promise<unknown>;

/** A request may take minutes to come, and what it asks for to be done: its token may be revoked meanwhile. */
export const eachAdmitted = (engine: McpEngine, admit: Admit): McpEngine => ({
  ...engine,
  ...callsBy((name) => async (input, context) => {
    await admit();
    return callNamed(engine, name)(input, context);
  }),
});
