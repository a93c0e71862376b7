/** A mutating tool with a key is done once: the same call again is answered as the first time. */
import type { z } from 'zod';
import { digestOf, digestOfText } from '../../../domain/digest.ts';
import { PawlError } from '../../../domain/failures.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { Tool } from '../../mcp/tool.ts';
import { sessionOf } from './own-tasks.ts';
import { IdempotencyKey } from './words.ts';

/**
 * What the tool does must be idempotent by itself where it can be cut off: the answer is kept after it was done, so a call
 * that died in between is done again.
 */
export function once<I extends z.ZodObject, O extends z.ZodObject>(row: Tool<I, O>): Tool<I, O> {
  return {
    ...row,
    // The row reads its own fields; the key is one of them or none of its business.
    input: row.input.extend({ idempotency_key: IdempotencyKey }) as unknown as I,
    async call(engine, input, context) {
      const { idempotency_key: key, ...asked } = input as z.output<I> & { idempotency_key?: string };
      if (key === undefined) return row.call(engine, input, context);
      const { id } = await sessionOf(engine, context);
      const name = {
        key: digestOfText(`${id}/${row.name}/${key}`).slice('sha256:'.length),
        request: digestOf(asked),
      };
      const known = await engine.answer(name);
      if (known.answer !== null) return JSON.parse(known.answer);
      const given = await row.call(engine, input, context);
      const answer = JSON.stringify(given);
      if (answer.length > LIMITS.answerCharsMax) {
        throw new PawlError(
          'internal',
          `${row.name} answers more than can be kept: ${answer.length} characters`,
        );
      }
      await engine.answer({ ...name, answer });
      return given;
    },
  };
}
