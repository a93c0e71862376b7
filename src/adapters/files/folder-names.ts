/** What is in a folder that need not be there. */
import { readdir } from 'node:fs/promises';
import { isCode } from './without-links.ts';

/** None where it is not there, or no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
