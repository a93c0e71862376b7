/** Loops that were read before. Each start and each list reads all there are, and hardly a file has changed since the last time. */
import { LIMITS } from '../../domain/limits.ts';
import { sha256Of } from './guide-text.ts';
import { type LoopText, readLoopText } from './loop-text.ts';

/** By name and content; the latest last. */
const known = new Map<string, LoopText>();

/** As `readLoopText`; the same bytes under the same name come to what they came to before. */
export function readKnownLoop(file: string, content: Uint8Array): LoopText {
  // What is kept of a text takes a multiple of its room.
  if (content.length > LIMITS.knownLoopBytesMax) return readLoopText(file, content);
  const key = `${sha256Of(content)} ${file}`;
  const read = known.get(key) ?? readLoopText(file, content);
  known.delete(key);
  known.set(key, read);
  for (const oldest of [...known.keys()].slice(0, -LIMITS.knownLoopsMax)) known.delete(oldest);
  return read;
}
