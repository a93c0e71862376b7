/**
 * A repository's configuration as the one file that it nearly always is. Reading a file is a tenth of starting a git that
 * lists it; where git would read more than the file, nothing is concluded from it.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readWhole } from '../files/atomic-file.ts';

/** A larger one was not written by people, and is git's to read. */
const BYTES_MAX = 256 * 1024;

/** By these words git reads a second file. Neither can be written in another way, but for upper and lower case. */
const MORE_FILES = /include|worktreeconfig/i;

/**
 * All that git knows of the repository's settings, as text; undefined where that may be more than the file says. The
 * engine's git reads no setting of the machine or the user (`run-git.ts`).
 */
export async function wholeConfiguration(commonDir: string): Promise<string | undefined> {
  const path = join(commonDir, 'config');
  const kind = await stat(path).catch(() => undefined);
  if (kind?.isFile() !== true || kind.size > BYTES_MAX) return undefined;
  const text = await readWhole(path);
  return text === undefined || MORE_FILES.test(text) ? undefined : text;
}
