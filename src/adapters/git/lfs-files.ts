/**
 * Files that `.gitattributes` give to Git LFS: git has a pointer of each, and its content is elsewhere. A content that gets into git in
 * the place of a pointer stays in the history of everybody.
 */
import { join } from 'node:path';
import { upwards } from '../../domain/runs-through/lookup.ts';
import { filtersOf } from './filters.ts';
import { placeOf } from './mirror.ts';
import { textOf } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { contentsOf, sizesOf } from './read-objects.ts';
import { git } from './run-git.ts';
import { type Space, withScratchIndex } from './space.ts';
import type { createTexts } from './texts.ts';
import { diffTrees } from './tree-diff.ts';

/** Git LFS takes nothing larger for a pointer. */
const POINTER_BYTES_MAX = 1_024;
const POINTER = /^version https?:\/\/[^\n]+\n(?:[a-z0-9.-]+ [^\n]*\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n$/;

/**
 * Paths that a change leaves with a content in git, although its own attributes give them to Git LFS.
 * @param from a commit or tree @param to a commit
 */
export async function lfsContents(
  space: Space,
  texts: ReturnType<typeof createTexts>,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const place = placeOf(space.mirror);
  const changes = await diffTrees(place, from, to);
  const files = changes.filter(
    ({ letter, after }) => letter !== 'D' && after.mode !== LINK && after.mode !== GITLINK,
  );
  const folders = new Set(files.flatMap(({ path }) => upwards(path.split('/').slice(0, -1).join('/'))));
  const attributes = [...folders].map((folder) => join(textOf(folder), '.gitattributes'));
  const written = [...(await texts.read(place, to, attributes)).values()];
  // A macro, too, says so at the top.
  if (!written.some((text) => text.includes('filter=lfs'))) return [];
  const filters = await withScratchIndex(space, async (scratch) => {
    await git(scratch, ['read-tree', to]);
    return filtersOf(
      scratch,
      ['--cached'],
      files.map(({ path }) => path),
    );
  });
  const kept = files.filter(({ path }) => filters.get(path) === 'lfs');
  const sizes = await sizesOf(
    place,
    kept.map(({ after }) => after.oid),
  );
  const sizeOf = (oid: string) => sizes.get(oid) ?? 0;
  const small = kept.filter(({ after }) => sizeOf(after.oid) <= POINTER_BYTES_MAX);
  const contents = await contentsOf(
    place,
    'blob',
    small.map(({ after }) => after.oid),
  );
  const pointers = new Set(small.filter((_, at) => isPointer(contents[at])).map(({ path }) => path));
  return kept.filter(({ path }) => !pointers.has(path)).map(({ path }) => textOf(path));
}

/** Of an empty file Git LFS makes none. */
const isPointer = (content: Buffer | undefined): boolean =>
  content !== undefined && (content.length === 0 || POINTER.test(content.toString('latin1')));
