/** What a turn used, as agents of the Agent Client Protocol tell it: not part of the stable protocol yet. Pure. */
import { z } from 'zod';
import type { Usage } from '../../../domain/task-state.ts';

const Count = z.int().min(0);
const Told = z.object({
  usage: z
    .object({ inputTokens: Count, outputTokens: Count, cachedReadTokens: Count.optional() })
    .optional()
    .catch(undefined),
  /** As Gemini CLI has it. */
  _meta: z
    .object({
      quota: z.object({ token_count: z.object({ input_tokens: Count, output_tokens: Count }) }).optional(),
    })
    .nullish()
    .catch(undefined),
});

/** Of the answer to a prompt; undefined where it tells nothing. */
export function usageIn(response: object): Usage | undefined {
  const told = Told.safeParse(response).data;
  if (told?.usage !== undefined) {
    const { inputTokens, outputTokens, cachedReadTokens: cached } = told.usage;
    return { inputTokens, outputTokens, ...(cached === undefined ? {} : { cachedInputTokens: cached }) };
  }
  const count = told?._meta?.quota?.token_count;
  return count === undefined
    ? undefined
    : { inputTokens: count.input_tokens, outputTokens: count.output_tokens };
}
