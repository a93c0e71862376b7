/**
 * A repository of a moment over the objects of another one, for commands that are to go by attributes of our choice: no
 * configuration, so that whatever attributes name is no more than a name, no refs, an empty working tree of its own.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPlace } from './run-git.ts';

export interface Momentary {
  /** The git directory whose objects it has, and adds to. */
  readonly of: string;
  /** Folder to make it in; it is gone afterwards. */
  readonly scratch: string;
  /** Its `info/attributes`, which win over those of files. */
  readonly attributes: string;
}

export async function inMomentaryRepository<T>(
  { of, scratch, attributes }: Momentary,
  work: (place: GitPlace) => Promise<T>,
): Promise<T> {
  const folder = join(scratch, `momentary-${randomUUID()}`);
  const [gitDir, tree] = [join(folder, 'git'), join(folder, 'tree')];
  try {
    const folders = [join(gitDir, 'refs'), join(gitDir, 'info'), tree];
    await Promise.all(folders.map((one) => mkdir(one, { recursive: true })));
    await Promise.all([
      writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/unborn\n'),
      writeFile(join(gitDir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = false\n'),
      writeFile(join(gitDir, 'info', 'attributes'), attributes),
    ]);
    const env = {
      GIT_DIR: gitDir,
      GIT_WORK_TREE: tree,
      GIT_OBJECT_DIRECTORY: join(of, 'objects'),
      GIT_SHALLOW_FILE: join(of, 'shallow'),
    };
    return await work({ cwd: tree, env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
