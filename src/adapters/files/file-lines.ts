/** The lines of a file with their places, read piece by piece: it may be larger than what one wants to hold. */
import { open } from 'node:fs/promises';
import { isCode } from './without-links.ts';

export const LINE_END = 0x0a;

export interface Line {
  /** Where it begins. */
  readonly offset: number;
  /** With its line end; the last one may have none. */
  readonly bytes: Buffer;
}

/** None where there is no file. */
export async function* linesIn(path: string): AsyncGenerator<Line> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (file === undefined) return;
  try {
    let offset = 0;
    let parts: Buffer[] = [];
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END)) {
        const bytes = Buffer.concat([...parts, rest.subarray(0, end + 1)]);
        yield { offset, bytes };
        offset += bytes.length;
        parts = [];
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) parts.push(rest);
    }
    if (parts.length > 0) yield { offset, bytes: Buffer.concat(parts) };
  } finally {
    await file.close();
  }
}
