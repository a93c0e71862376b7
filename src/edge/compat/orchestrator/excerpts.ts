/** What artifacts say, for a report that somebody reads as a whole: the beginning of each, of so many in all. */
import { Digest } from '../../../domain/artifacts.ts';
import { PawlError } from '../../../domain/failures.ts';
import { clip } from '../../../domain/limits.ts';
import type { Calls } from '../../../domain/operations.ts';
import type { Excerpt, Excerpts } from './parts-report.ts';

/** Of one artifact, and of all: more than a model reads at once is no report. */
export const EXCERPT_CHARS_MAX = 4_000;
export const EXCERPTS_CHARS_MAX = 100_000;
/** Also where each of them says little. */
const EXCERPTS_MAX = 200;

/** @param ids in the order in which they matter; what is no digest is no artifact of the store */
export async function excerptsOf(engine: Calls, ids: readonly string[]): Promise<Excerpts> {
  const found = new Map<string, Excerpt>();
  let left = EXCERPTS_CHARS_MAX;
  const digests = [...new Set(ids)].filter((id) => Digest.safeParse(id).success).slice(0, EXCERPTS_MAX);
  for (const digest of digests) {
    if (left <= 0) break;
    const excerpt = await excerptOf(engine, digest, Math.min(left, EXCERPT_CHARS_MAX));
    if (excerpt === undefined) continue;
    found.set(digest, excerpt);
    left -= excerpt.text.length;
  }
  return found;
}

/** undefined for what is no text, and for what the store does not have. */
async function excerptOf(engine: Calls, digest: string, charsMax: number): Promise<Excerpt | undefined> {
  try {
    const { content, next } = await engine.artifact({ digest });
    const text = textIn(Buffer.from(content, 'base64'), next === null);
    return text === undefined
      ? undefined
      : { text: clip(text, charsMax), isWhole: next === null && text.length <= charsMax };
  } catch (error) {
    // The report still names it: whoever reads it learns from its address that it is gone.
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  }
}

function textIn(bytes: Buffer, isWhole: boolean): string | undefined {
  try {
    // A slice may end within a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return text.includes('\0') ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
