/** What an agent returns is JSON in what it says last, which may be anything else. */
import { LIMITS } from '../../domain/limits.ts';

/** The object that the text is as JSON; undefined where it is none, or larger than what an execution carries. */
export function jsonObjectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || trimmed.length > LIMITS.messageCharsMax) return undefined;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
