/** All of what is in the artifact store, as it is: for a file. */
import { calls } from '../client/ask.ts';

export async function readBytes(digest: string): Promise<Uint8Array<ArrayBuffer>> {
  const slices: Uint8Array<ArrayBuffer>[] = [];
  for (let next: number | null = 0; next !== null; ) {
    const slice = await calls.artifact(digest, next);
    slices.push(Uint8Array.from(atob(slice.content), (character) => character.charCodeAt(0)));
    next = slice.next;
  }
  const all = new Uint8Array(slices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of slices) {
    all.set(slice, at);
    at += slice.length;
  }
  return all;
}
