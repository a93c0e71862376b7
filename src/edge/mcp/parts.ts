/** Parts of what is too long for one message. Pure. */
import { isUtf8 } from 'node:buffer';

export interface Part {
  readonly content: { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });
  /** Where the next one begins; undefined after the last. */
  readonly next?: number;
}

/**
 * What begins at `offset` and is no longer than this as JSON. All parts of a text are texts of whole characters, and joined
 * they are all of it; so are the bytes of parts of what is no text.
 */
export function partOf(whole: Buffer, offset: number, bytesMax: number): Part {
  const isText = isUtf8(whole);
  // Base64 makes four bytes of three.
  let length = Math.floor((bytesMax * 3) / 4);
  for (;;) {
    const end = isText ? wholeCharacters(whole, offset + length) : Math.min(offset + length, whole.length);
    const bytes = whole.subarray(offset, end);
    const content = isText
      ? { mimeType: 'text/plain', text: bytes.toString('utf8') }
      : { mimeType: 'application/octet-stream', blob: bytes.toString('base64') };
    const size = isText ? Buffer.byteLength(JSON.stringify(content.text)) : 0;
    if (size <= bytesMax) return { content, ...(end < whole.length && { next: end }) } as Part;
    // Escapes take up to six bytes for one.
    length = Math.floor((length * bytesMax) / size);
  }
}

/** The end, or the next place before it where a character begins. */
function wholeCharacters(text: Buffer, at: number): number {
  let end = Math.min(at, text.length);
  while (end < text.length && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
