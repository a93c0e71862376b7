/**
 * The lines of `codex exec --json` as far as Pawl reads them, and the one line of its log that tells what the provider
 * answered: the protocol itself keeps status and `Retry-After` to itself. A line that is not known is log.
 */
import { z } from 'zod';
import { retryAfterMsOf } from '../provider-errors.ts';

const Item = z.discriminatedUnion('type', [
  z.object({ type: z.literal('agent_message'), text: z.string() }),
  z.object({ type: z.literal('command_execution'), command: z.string() }),
  z.object({
    type: z.literal('file_change'),
    changes: z.array(z.object({ path: z.string() })),
  }),
  z.object({
    type: z.literal('todo_list'),
    items: z.array(z.object({ text: z.string(), completed: z.boolean() })),
  }),
]);
export type CodexItem = z.infer<typeof Item>;

const Tokens = z.int().min(0);
const CodexLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread.started'), thread_id: z.string() }),
  z.object({ type: z.enum(['item.started', 'item.updated', 'item.completed']), item: z.unknown() }),
  z.object({
    type: z.literal('turn.completed'),
    usage: z
      .object({ input_tokens: Tokens, cached_input_tokens: Tokens.default(0), output_tokens: Tokens })
      .optional(),
  }),
  z.object({ type: z.literal('turn.failed'), error: z.object({ message: z.string() }) }),
]);
export type CodexLine = z.infer<typeof CodexLine>;

/** A line of the protocol, or undefined when it is log. */
export function codexLineOf(line: string): CodexLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return CodexLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a line that only looks like JSON is log
  }
}

/** What Codex did or said; items of other kinds are undefined. */
export const codexItemOf = (item: unknown): CodexItem | undefined => Item.safeParse(item).data;

/** What the provider answered to one call. */
export interface ProviderAnswer {
  readonly status: number;
  readonly retryAfterMs?: number;
}

/** Makes Codex write one line for each answer of its provider, and nothing else, to stderr. */
export const ANSWERS_IN_LOG = 'codex_http_client::client=debug';
const ANSWER = /codex_http_client::client: Request completed .*?\bstatus=(\d{3})\b(.*)$/;
const RETRY_AFTER = /"retry-after": "([^"]*)"/i;

export function providerAnswerOf(line: string, now: number): ProviderAnswer | undefined {
  const [, status, rest = ''] = ANSWER.exec(line) ?? [];
  if (status === undefined) return undefined;
  const header = RETRY_AFTER.exec(rest)?.[1];
  const retryAfterMs = header === undefined ? undefined : retryAfterMsOf(header, now);
  return { status: Number(status), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
