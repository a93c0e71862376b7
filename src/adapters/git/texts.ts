/** Texts of files in commits, many in one process, remembered for a while: each step asks for the same ones of the base. */

import { objectId } from './objects.ts';
import { readObjects } from './read-objects.ts';
import type { GitPlace } from './run-git.ts';

const TEXT_BYTES_MAX = 1024 * 1024;
const REMEMBERED_MAX = 20;
/** More than this is read again. */
const REMEMBERED_CHARS_MAX = 256 * 1024;

/** Git would take `../x` for a path from the current directory. */
const namesFile = (path: string): boolean => path.split('/').every((part) => !/^\.{0,2}$|[\n\0]/.test(part));

export function createTexts() {
  const known = new Map<string, ReadonlyMap<string, string>>();
  return {
    /** @param paths from the top of the repository; a file with a line end in its name is not found */
    async read(
      place: GitPlace,
      commit: string,
      paths: readonly string[],
    ): Promise<ReadonlyMap<string, string>> {
      const wanted = paths.filter(namesFile);
      const names = wanted.map((path) => `${objectId(commit)}:${path}`);
      const key = names.join('\n');
      const before = known.get(key);
      if (before !== undefined) return before;
      const objects = await readObjects(place, names);
      const texts = new Map<string, string>();
      for (const [index, path] of wanted.entries()) {
        const object = objects[index];
        if (object?.type !== 'blob') continue;
        texts.set(path, object.content.subarray(0, TEXT_BYTES_MAX).toString('utf8'));
      }
      const length = [...texts.values()].reduce((sum, text) => sum + text.length, key.length);
      if (length <= REMEMBERED_CHARS_MAX) known.set(key, texts);
      for (const oldest of [...known.keys()].slice(0, -REMEMBERED_MAX)) known.delete(oldest);
      return texts;
    },
  };
}
