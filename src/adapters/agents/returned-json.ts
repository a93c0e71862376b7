/** What an agent returns is JSON in what it says last, which may be anything else. */
import type { AgentReport } from '../../activities/ports/agent-port.ts';
import { LIMITS } from '../../domain/limits.ts';

export type Returned = Pick<AgentReport, 'outputs' | 'outputsChars'>;

/** The object that the text is as JSON, or how long it is where an execution does not carry it; undefined where it is none. */
export function jsonObjectIn(text: string): Returned | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    if (typeof value !== 'object' || value === null) return undefined;
    return trimmed.length > LIMITS.messageCharsMax
      ? { outputsChars: trimmed.length }
      : { outputs: { ...value } };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const OPENS = /^\s*```(?:json)?\s*$/;
const CLOSES = /^\s*```\s*$/;

/** Reads blocks of JSON between fences, as they are asked for in prompts, from lines as they come. */
export function createBlockReader(): {
  /** What the block is that ends with this line; undefined where none does. */
  hear(line: string): Returned | undefined;
} {
  let inside: string[] | undefined;
  let chars = 0;
  return {
    hear(line) {
      if (inside === undefined) {
        if (OPENS.test(line)) [inside, chars] = [[], 0];
        return undefined;
      }
      if (!CLOSES.test(line)) {
        chars += line.length + 1;
        // Of one that is too large its beginning says enough.
        if (chars <= LIMITS.messageCharsMax || inside.length === 0) inside.push(line);
        return undefined;
      }
      const text = inside.join('\n');
      inside = undefined;
      if (chars <= LIMITS.messageCharsMax) return jsonObjectIn(text);
      return text.trimStart().startsWith('{') ? { outputsChars: chars } : undefined;
    },
  };
}
