/**
 * Files that attributes give to a filter other than Git LFS: a program that only a person's own git may run. What an agent writes there
 * would get into git as it stands in the workspace, so that what should be encrypted is not.
 */
import { join } from 'node:path';
import { ENCRYPTED_BYTES, encrypts, isEncrypted } from '../../domain/encryption.ts';
import { clip, LIMITS } from '../../domain/limits.ts';
import { upwards } from '../../domain/runs-through/lookup.ts';
import { openRepository, type Repository } from '../repository/find-repository.ts';
import { filtersAt } from './filters.ts';
import { attributesOf } from './merge-trees.ts';
import { placeOf } from './mirror.ts';
import { textOf } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { contentsOf, readObjects } from './read-objects.ts';
import type { Space } from './space.ts';
import { diffTrees } from './tree-diff.ts';
import { entriesOf } from './tree-entries.ts';
import { requiredFilters } from './user-settings.ts';

export interface Unfiltered {
  /** As latin1. */
  readonly path: string;
  readonly filter: string;
  /** Whether the content is nothing to be kept without it: the person's git refuses to, or it most likely encrypts. */
  readonly needed: boolean;
}

/** What says so, in each file of attributes. A macro, too, says it at the top. */
const GIVES = /^[^#\n]*\sfilter=(\S+)/gm;
/** Their own rules, and what is looked at of them. */
const LFS = 'lfs';

/**
 * What a change leaves at such files, by its own attributes, those before it and those of the person's clone: all but what is
 * empty, encrypted already, or known.
 * @param from a commit or tree @param to another
 * @param known commits whose contents are in git already
 */
export async function unfilteredIn(
  space: Space,
  from: string,
  to: string,
  known: readonly string[] = [],
): Promise<readonly Unfiltered[]> {
  const place = placeOf(space.mirror);
  const changes = await diffTrees(place, from, to);
  const files = changes.filter(
    ({ letter, after }) => letter !== 'D' && after.mode !== LINK && after.mode !== GITLINK,
  );
  if (files.length === 0) return [];
  const paths = files.map(({ path }) => path);
  const repository = await openRepository(space.owner.repository);
  const own = ownAttributes(repository);
  const folders = new Set(paths.flatMap((path) => upwards(path.split('/').slice(0, -1).join('/'))));
  const names = [from, to].flatMap((one) =>
    [...folders].map((folder) => `${one}:${textOf(join(folder, '.gitattributes'))}`),
  );
  const texts = (
    await readObjects(
      place,
      names.filter((name) => !name.includes('\n')),
    )
  ).map((object) => object?.content.toString('utf8'));
  if (namedIn([await attributesOf(repository.commonDir), ...texts]).size === 0) return [];
  const filters = new Map<string, string>();
  for (const treeish of [to, from])
    for (const [path, filter] of await filtersAt(space, treeish, paths, own))
      if (filter !== LFS && filter !== 'set') filters.set(path, filter);
  const there = new Set<string | undefined>();
  for (const treeish of [from, ...known])
    for (const entry of (await entriesOf(place, treeish)).values()) there.add(entry.split(' ')[1]);
  const written = files.filter(({ path, after }) => filters.has(path) && !there.has(after.oid));
  if (written.length === 0) return [];
  const contents = await contentsOf(
    place,
    'blob',
    written.map(({ after }) => after.oid),
  );
  const required = await requiredFilters(repository.place);
  return written.flatMap(({ path }, at) => {
    const start = contents[at]?.subarray(0, ENCRYPTED_BYTES).toString('latin1') ?? '';
    const filter = filters.get(path) ?? '';
    if (start === '' || isEncrypted(start)) return [];
    return [{ path, filter, needed: encrypts(filter) || required.has(filter) }];
  });
}

/** What a person should know of filters before an agent is paid. */
export async function filterNotes(
  space: Space,
  repository: Repository,
  commit: string,
): Promise<readonly string[]> {
  const place = placeOf(space.mirror);
  const attributes = [...(await entriesOf(place, commit))].flatMap(([path, entry]) =>
    /(?:^|\/)\.gitattributes$/.test(path) ? [entry.split(' ')[1] ?? ''] : [],
  );
  const texts = (await contentsOf(place, 'blob', attributes)).map((text) => text.toString('utf8'));
  const names = [...namedIn([await attributesOf(repository.commonDir), ...texts])];
  if (names.length === 0) return [];
  const required = await requiredFilters(repository.place);
  const isNeeded = (name: string) => encrypts(name) || required.has(name);
  const needed = names.filter(isNeeded);
  const others = names.filter((name) => !isNeeded(name));
  return [
    ...(needed.length === 0 ? [] : [noteOf(needed, 'a change of one is refused')]),
    ...(others.length === 0 ? [] : [noteOf(others, 'what the agent writes there is committed without it')]),
  ];
}

const noteOf = (filters: readonly string[], so: string): string =>
  clip(
    `files that .gitattributes gives to the filter ${filters.join(', ')} are in the workspace and for checks as git stores them, and ${so}: Pawl runs no filter but that of Git LFS`,
    LIMITS.noteCharsMax,
  );

/** What a clone keeps to itself. */
const ownAttributes = ({ commonDir }: Repository): string => join(commonDir, 'info', 'attributes');

function namedIn(texts: readonly (string | undefined)[]): ReadonlySet<string> {
  const names = texts.flatMap((text = '') => [...text.matchAll(GIVES)].map(([, name = '']) => name));
  return new Set(names.filter((name) => name !== LFS));
}

/** For an agent and a person: what is wrong, and what to do. */
export function unfilteredWords(found: readonly Unfiltered[]): string {
  const paths = found.slice(0, LIMITS.filesNamedMax).map(({ path }) => textOf(path));
  const filters = [...new Set(found.map(({ filter }) => filter))];
  return `${paths.join(', ')}: .gitattributes gives it to the filter ${filters.join(', ')}, which only a person's own git may run; without it the content would stay in the history as it is in the workspace. Put it back as it is in the base, or leave it out: a person can commit it on the task's branch`;
}
