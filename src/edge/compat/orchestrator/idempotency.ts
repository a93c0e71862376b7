/**
 * A mutating tool with a key is done once: the same call again is answered as the first time. The key is its client's, not
 * its session's: an adapter that was started again may speak for another directory than the one before, and the same tool
 * with the same key and the same input is the same call. With another input it is a call of its own in another session,
 * and a conflict in the same.
 */
import type { z } from 'zod';
import { digestOf, digestOfText } from '../../../domain/digest.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { InputOf } from '../../../domain/operations.ts';
import { sessionIdOf } from '../../../domain/session.ts';
import type { ReconnectableCalls, Tool, ToolAnswer, ToolContext } from '../../mcp/tool.ts';
import { IdempotencyKey } from './words.ts';

/**
 * Between what a tool does and its answer being kept anything may end. The call is then made again, and told by `atFirst`
 * how it was before the first one.
 * @param again what a call has to do that is answered from what was kept
 */
export function once<I extends z.ZodObject, O extends z.ZodObject>(
  row: Tool<I, O>,
  again: (kept: ToolAnswer<z.input<O>>, context: ToolContext) => void = () => undefined,
): Tool<I, O> {
  return {
    ...row,
    // The row reads its own fields; the key is one of them or none of its business.
    input: row.input.extend({ idempotency_key: IdempotencyKey }) as unknown as I,
    async call(engine, input, context) {
      const { idempotency_key: key, ...asked } = input as z.output<I> & { idempotency_key?: string };
      if (key === undefined) return row.call(engine, input, context);
      const name = {
        key: keyOf(row.name, key),
        caller: sessionIdOf(context.directory),
        request: digestOf(asked),
      };
      const known = await engine.answer(name);
      if (known.answer !== null) return repeated(known.answer);
      const given = await row.call(engine, input, await firstContext(engine, name, context, known.intent));
      const answer = JSON.stringify(given);
      // It is done, and said to be: where there is no room for the answer the same call again finds it done.
      if (Buffer.byteLength(JSON.stringify(answer)) > LIMITS.answerCharsMax) return given;
      const first = await engine.answer({ ...name, answer });
      return first.answer === null || first.answer === answer ? given : repeated(first.answer);

      function repeated(text: string): ToolAnswer<z.input<O>> {
        const kept = JSON.parse(text) as ToolAnswer<z.input<O>>; // as this function wrote it
        again(kept, context);
        return kept;
      }
    },
  };
}

/** The context of the first call with this key. */
async function firstContext(
  engine: ReconnectableCalls,
  name: Name,
  context: ToolContext,
  spokeFor: string | undefined,
): Promise<ToolContext> {
  const { directory } = context;
  // An adapter that begins again speaks for its own directory anyway: what it does for that one needs no note.
  const isNoted = spokeFor === undefined && context.isSpokenFor === true;
  const first = isNoted ? await noted(engine, name, directory) : (spokeFor ?? directory);
  return {
    ...context,
    directory: first,
    async atFirst<T>(look: () => Promise<T>): Promise<T> {
      const found = { ...name, key: keyOf(name.key, 'found') };
      const { intent } = await engine.answer(found);
      // As an earlier call found it, by the same `look`.
      return JSON.parse(intent ?? (await noted(engine, found, JSON.stringify(await look())))) as T;
    },
  };
}

/** @returns the first note of this name */
async function noted(engine: ReconnectableCalls, name: Name, intent: string): Promise<string> {
  return (await engine.answer({ ...name, intent })).intent ?? intent;
}

type Name = Pick<InputOf<'answer'>, 'key' | 'caller' | 'request'>;

const keyOf = (...parts: readonly string[]): string => digestOfText(parts.join('/')).slice('sha256:'.length);
