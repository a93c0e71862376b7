/** What a client is answered of a call that did not reach the engine. It never reads as success. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Delivery } from '../../../domain/spooled-call.ts';
import type { Away } from './choice.ts';

/** Told once, when the first try has failed. */
export const LOST = 'The connection to the engine of Pawl is lost. Waiting for it to come back…';

/** Not made, but kept: `place` 1 is made first. */
export const queued = (tool: string, key: string, place: number): CallToolResult =>
  failed(
    'queued',
    `${tool} was not made yet: it is kept as number ${place} of the calls that wait, and made once the engine is back; a later answer tells what became of it. Go on with work that does not need its answer, and do not make it again`,
    {
      ...{ place, idempotency_key: key },
    },
  );

export const leftOut = ({ tool }: Away, why: string): CallToolResult =>
  failed('skipped', `${tool} was not made, and is not kept: ${why}. Go on with work that does not need it`);

export const stopped = ({ tool, why }: Away): CallToolResult =>
  failed(
    'unavailable',
    `${tool} was not made, and the user wants to stop here (${why}). Stop; nothing is lost: tasks and executions are kept under their ids. Look at them first when you go on (show, get_execution), and begin nothing anew`,
  );

/** To a client whose user cannot be asked. */
export const unasked = ({ tool, tries, why, isKept }: Away): CallToolResult =>
  failed(
    'unavailable',
    `${why} (${tool} was tried ${tries} times; this client cannot ask its user). Ask your user whether to wait (call ${tool} again), to skip (go on with work that does not need it${isKept ? '; with PAWL_MCP_SPOOL=on such calls are kept and made later' : ''}) or to stop. Nothing is lost: tasks and executions are kept under their ids`,
  );

function failed(code: string, message: string, more: object = {}): CallToolResult {
  return {
    isError: true,
    structuredContent: { code, message, ...more },
    content: [{ type: 'text', text: `${code}: ${message}` }],
  };
}

/** The same answer, and what became of calls that were kept. */
export function withDeliveries(answer: CallToolResult, deliveries: readonly Delivery[]): CallToolResult {
  if (deliveries.length === 0) return answer;
  const lines = deliveries.map(
    ({ tool, taken, text }, at) => `${at + 1}. ${tool}: ${taken ? 'taken' : 'refused'}: ${text}`,
  );
  const text = ['Calls that were kept while the engine was away have been made:', ...lines].join('\n');
  return { ...answer, content: [...answer.content, { type: 'text', text }] };
}
