/**
 * The lines of Claude Code's `stream-json` as far as Pawl reads them. The order of keys varies and new kinds come with
 * new versions, so a line is parsed whole, and one that is not known is log.
 */
import { z } from 'zod';

const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), name: z.string(), input: z.record(z.string(), z.unknown()) }),
]);
export type ClaudeBlock = z.infer<typeof Block>;

const Denial = z.object({ tool_name: z.string(), tool_input: z.record(z.string(), z.unknown()).default({}) });
export type ClaudeDenial = z.infer<typeof Denial>;

const ClaudeLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('system'),
    subtype: z.string(),
    session_id: z.string().optional(),
    claude_code_version: z.string().optional(),
    error_status: z.number().nullish(),
    retry_delay_ms: z.number().nullish(),
  }),
  z.object({ type: z.literal('assistant'), message: z.object({ content: z.array(z.unknown()) }) }),
  z.object({
    type: z.literal('result'),
    subtype: z.string(),
    is_error: z.boolean(),
    api_error_status: z.number().nullish(),
    terminal_reason: z.string().nullish(),
    result: z.string().default(''),
    errors: z.array(z.string()).default([]),
    num_turns: z.int().min(0).optional(),
    total_cost_usd: z.number().min(0).optional(),
    usage: z
      .object({
        input_tokens: z.int().min(0).default(0),
        cache_read_input_tokens: z.int().min(0).default(0),
        cache_creation_input_tokens: z.int().min(0).default(0),
        output_tokens: z.int().min(0).default(0),
      })
      .optional(),
    permission_denials: z.array(Denial).default([]),
  }),
]);
export type ClaudeLine = z.infer<typeof ClaudeLine>;
export type ClaudeResult = Extract<ClaudeLine, { type: 'result' }>;

/** A line of the protocol, or undefined when it is log. */
export function claudeLineOf(line: string): ClaudeLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return ClaudeLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a line that only looks like JSON is log
  }
}

/** What an assistant said and did in one message; blocks of other kinds (thinking) are left out. */
export const blocksOf = (content: readonly unknown[]): readonly ClaudeBlock[] =>
  content.flatMap((block) => Block.safeParse(block).data ?? []);

/** What a line of Claude Code's debug log told. */
export interface Debugged {
  readonly retryAfter?: string;
}
const DEBUG_START = /^\[log_\w+\] (.*)$/;
const RETRY_AFTER = /^\s+"retry-after": "([^"]*)",?$/i;

/**
 * Tells lines of the debug log from all others: one that begins with `[log_…]`, and where that opens an object, those up
 * to its end. Only there, and only for an error, is a `Retry-After` the provider's.
 */
export function createDebugReader(): (line: string) => Debugged | undefined {
  let inside: 'error' | 'other' | undefined;
  return (line) => {
    const [, start] = DEBUG_START.exec(line) ?? [];
    if (start !== undefined) {
      inside = start.endsWith('{') ? (start.startsWith('response error') ? 'error' : 'other') : undefined;
      return {};
    }
    if (inside === undefined) return undefined;
    const retryAfter = inside === 'error' ? RETRY_AFTER.exec(line)?.[1] : undefined;
    if (line === '}') inside = undefined;
    return retryAfter === undefined ? {} : { retryAfter };
  };
}
