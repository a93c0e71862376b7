/** What is in the artifact store, as text. Its digest says what it is, so it is read once and never asked for anew. */
import { calls } from '../client/ask.ts';

export interface Content {
  readonly text: string;
  /** Of all of it. */
  readonly bytes: number;
  /** From where there is more; null where this is all. */
  readonly next: number | null;
  /** It has a byte that no text has. */
  readonly isText: boolean;
}

/** Reads on from `from`, in as many slices as fit into `bytesMax`. */
export async function readContent(digest: string, bytesMax: number, from = 0): Promise<Content> {
  // One decoder for all slices: a character may stand across two of them.
  const decoder = new TextDecoder();
  let text = '';
  let next: number | null = from;
  let bytes = 0;
  let isText = true;
  while (next !== null && next - from < bytesMax) {
    const slice = await calls.artifact(digest, next);
    const content = Uint8Array.from(atob(slice.content), (character) => character.charCodeAt(0));
    if (content.includes(0)) isText = false;
    text += decoder.decode(content, { stream: slice.next !== null });
    ({ next, bytes } = slice);
  }
  return { text, bytes, next, isText };
}
