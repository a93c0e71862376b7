/** The files of some folders as a commit has them, without a working tree. */
import { objectId } from './objects.ts';
import { LINK } from './raw-changes.ts';
import { type GitPlace, git } from './run-git.ts';

export interface FileAtCommit {
  /** From the top of the repository. */
  readonly path: string;
  /** A link leads anywhere, so what is behind it is not read. */
  readonly kind: 'file' | 'link' | 'submodule';
  readonly bytes: number;
  readonly oid: string;
}

/** Of each folder that is there, everything below it. @param folders from the top, with `/` */
export async function filesBelowAt(
  place: GitPlace,
  commit: string,
  folders: readonly string[],
): Promise<readonly FileAtCommit[]> {
  const asked = ['ls-tree', '-r', '-l', '-z', '--full-tree', objectId(commit), '--'];
  const { stdout } = await git(place, [...asked, ...folders.map((folder) => `${folder}/`)]);
  return stdout
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode, oid = '', size, path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
      if (path === undefined) return [];
      const kind = mode === LINK ? 'link' : size === '-' ? 'submodule' : 'file';
      return [{ path, kind, bytes: size === '-' ? 0 : Number(size), oid } as const];
    });
}
