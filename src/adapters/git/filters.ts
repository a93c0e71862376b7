/** Which files attributes give to a filter. The engine runs none: it is a program that a repository's settings name. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { valuesOf } from './attribute-values.ts';
import { type GitPlace, git } from './run-git.ts';
import type { Space } from './space.ts';

/** The filters of those paths that have one; paths as latin1. */
export const filtersOf = (
  place: GitPlace,
  options: readonly string[],
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> => valuesOf(place, 'filter', options, paths);

/**
 * The same by the attributes of a commit or tree in the mirror.
 * @param others a file of attributes that counts where those say nothing
 */
export async function filtersAt(
  { mirror }: Pick<Space, 'mirror'>,
  treeish: string,
  paths: readonly string[],
  others?: string,
): Promise<ReadonlyMap<string, string>> {
  // There may be no working tree yet, and none is needed.
  const index = join(mirror, `index-${randomUUID()}`);
  const env = { GIT_DIR: mirror, GIT_INDEX_FILE: index };
  const place: GitPlace = {
    cwd: mirror,
    env,
    ...(others === undefined ? {} : { config: [['core.attributesFile', others]] }),
  };
  try {
    await git(place, ['read-tree', treeish]);
    return await filtersOf(place, ['--cached'], paths);
  } finally {
    await Promise.all([rm(index, { force: true }), rm(`${index}.lock`, { force: true })]);
  }
}
