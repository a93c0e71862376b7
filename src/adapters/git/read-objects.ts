/** Objects of git's are read by a program that stays for the next question. */
import { askKept } from './kept-git.ts';
import { type GitPlace, git } from './run-git.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: string;
  readonly content: Buffer;
}

const READER = ['cat-file', '--batch-command'];
const OBJECT_ID = /^[0-9a-f]{40}$/;

/**
 * @param names any of git's for an object, none with a newline
 * @returns what they name, in their order; undefined for what is not there
 * @throws as `git` does
 */
export async function readObjects(
  place: GitPlace,
  names: readonly string[],
): Promise<readonly (GitObject | undefined)[]> {
  if (names.length === 0) return [];
  return askKept(place, READER, async (talk) => {
    talk.write(names.map((name) => `contents ${name}\n`).join(''));
    const objects: (GitObject | undefined)[] = [];
    let left = talk.bytesMax;
    for (const _ of names) {
      const found = headOf(await talk.line());
      if (found === undefined) {
        objects.push(undefined);
        continue;
      }
      left -= found.size;
      if (left < 0) return talk.tooMuch();
      const content = await talk.take(found.size);
      await talk.take('\n'.length);
      objects.push({ oid: found.oid, type: found.type, content });
    }
    return objects;
  });
}

/** What objects hold that have to be there, in their order. @throws as `git` does, also for what is not there */
export async function contentsOf(
  place: GitPlace,
  type: 'blob' | 'tree',
  names: readonly string[],
): Promise<readonly Buffer[]> {
  const objects = await readObjects(place, names);
  // What the reader only misses, git says why.
  return Promise.all(
    names.map(
      async (name, index) => objects[index]?.content ?? (await git(place, ['cat-file', type, name])).stdout,
    ),
  );
}

/** How many bytes objects have, by their ids. What is not there is left out. @throws as `git` does */
export async function sizesOf(
  place: GitPlace,
  oids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (oids.length === 0) return new Map();
  return askKept(place, READER, async (talk) => {
    talk.write(oids.map((oid) => `info ${oid}\n`).join(''));
    const sizes = new Map<string, number>();
    for (const _ of oids) {
      const found = headOf(await talk.line());
      if (found !== undefined) sizes.set(found.oid, found.size);
    }
    return sizes;
  });
}

/** `<object> <type> <size>`; of what is not there, the name and a word. */
function headOf(
  line: string,
): { readonly oid: string; readonly type: string; readonly size: number } | undefined {
  const [oid = '', type = '', size] = line.split(' ');
  return size === undefined || !OBJECT_ID.test(oid) ? undefined : { oid, type, size: Number(size) };
}
