/** Tags of the user's repository that a commit stands on, for the workspaces that begin at it. */

import { join } from 'node:path';
import { NO_TEXT } from '../../domain/no-text.ts';
import { namesIn } from '../files/folder-names.ts';
import { packedRefs } from './distrusted-refs.ts';
import { objectId } from './objects.ts';
import { GitError, type GitPlace, git } from './run-git.ts';

export interface Tag {
  /** `refs/tags/…` */
  readonly ref: string;
  readonly oid: string;
  /** An object of its own, and not only a name for a commit. */
  readonly annotated: boolean;
}

const TAGS_MAX = 100_000;

/**
 * Where a branch is, with the tags that it stands on, in one process; undefined where git cannot tell: there is no such
 * branch, or a tag names what is not there.
 */
export async function branchWithTags(
  place: GitPlace,
  branch: string,
): Promise<{ readonly commit: string; readonly tags: readonly Tag[] } | undefined> {
  const ref = `refs/heads/${branch}`;
  const listed = await merged(place, ref, [ref, 'refs/tags']);
  const commit = listed?.find((one) => one.ref === ref)?.oid;
  if (listed === undefined || commit === undefined) return undefined;
  return { commit, tags: listed.filter((one) => one.ref.startsWith('refs/tags/')) };
}

/** None where the repository does not have the commit. */
export const tagsBelow = async (place: GitPlace, commit: string): Promise<readonly Tag[]> =>
  (await merged(place, objectId(commit), ['refs/tags'])) ?? [];

async function merged(
  place: GitPlace,
  into: string,
  refs: readonly string[],
): Promise<readonly Tag[] | undefined> {
  const args = [
    'for-each-ref',
    '--format=%(objecttype) %(objectname) %(refname)',
    `--merged=${into}`,
    ...refs,
  ];
  try {
    const lines = (await git(place, args)).stdout.toString('utf8').split('\n').filter(Boolean);
    return lines.slice(0, TAGS_MAX).flatMap((line) => {
      const [type = '', oid = ''] = line.split(' ', 2);
      const ref = line.slice(type.length + oid.length + 2);
      // A name that is no text cannot be written into a file of text.
      return ref.includes(NO_TEXT) ? [] : [{ ref, oid, annotated: type === 'tag' }];
    });
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

const FOLDER = 'refs/pawl/tag';

/** Keeps an annotated tag in the mirror, where no ref has its name: two repositories' states may give it to two tags. */
export const tagRef = (oid: string): string => `${FOLDER}/${oid}`;

/** Annotated tags that the mirror has. */
export async function tagsIn(mirror: string): Promise<ReadonlySet<string>> {
  const loose = await namesIn(join(mirror, FOLDER));
  const packed = [...(await packedRefs(mirror)).keys()].filter((ref) => ref.startsWith(`${FOLDER}/`));
  return new Set([...loose, ...packed.map((ref) => ref.slice(FOLDER.length + 1))]);
}

/** Those tags of which the mirror has all. */
export async function tagsKept(mirror: string, tags: readonly Tag[]): Promise<readonly Tag[]> {
  const known = await tagsIn(mirror);
  return tags.filter(({ oid, annotated }) => !annotated || known.has(oid));
}
