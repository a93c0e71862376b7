/**
 * What a change makes of files that attributes give to Git LFS. A content that gets into git in the place of a pointer stays in the
 * history of everybody, and a pointer whose content nobody has leads nowhere.
 */
import { join } from 'node:path';
import { LIMITS } from '../../domain/limits.ts';
import { upwards } from '../../domain/runs-through/lookup.ts';
import { GIVES_TO_LFS, pathsOfLfs, pointersOf } from './lfs-pointers.ts';
import { bringContents, type LfsSources } from './lfs-sources.ts';
import { placeOf } from './mirror.ts';
import { textOf } from './path-bytes.ts';
import { GITLINK, LINK } from './raw-changes.ts';
import { sizesOf } from './read-objects.ts';
import { git } from './run-git.ts';
import type { Space } from './space.ts';
import { createTexts } from './texts.ts';
import { diffTrees } from './tree-diff.ts';
import { entriesOf } from './tree-entries.ts';

type Texts = ReturnType<typeof createTexts>;

/** Paths, as latin1, of what a change leaves at files of Git LFS. */
interface Left {
  readonly contents: readonly string[];
  /** Each with its blob. */
  readonly pointers: ReadonlyMap<string, string>;
}

const NOTHING: Left = { contents: [], pointers: new Map() };

/** @param from a commit or tree @param to a commit */
async function leftBy(space: Space, texts: Texts, from: string, to: string): Promise<Left> {
  const place = placeOf(space.mirror);
  const changes = await diffTrees(place, from, to);
  const files = changes.filter(
    ({ letter, after }) => letter !== 'D' && after.mode !== LINK && after.mode !== GITLINK,
  );
  const folders = new Set(files.flatMap(({ path }) => upwards(path.split('/').slice(0, -1).join('/'))));
  const attributes = [...folders].map((folder) => join(textOf(folder), '.gitattributes'));
  const written = [...(await texts.read(place, to, attributes)).values()];
  if (!written.some((text) => text.includes(GIVES_TO_LFS))) return NOTHING;
  const ofLfs = await pathsOfLfs(
    space,
    to,
    files.map(({ path }) => path),
  );
  const kept = files.filter(({ path }) => ofLfs.has(path));
  const blobs = kept.map(({ after }) => after.oid);
  const [pointers, sizes] = [await pointersOf(place, blobs), await sizesOf(place, blobs)];
  // Of an empty file Git LFS makes no pointer.
  const isContent = (blob: string) => !pointers.has(blob) && sizes.get(blob) !== 0;
  return {
    contents: kept.flatMap(({ path, after }) => (isContent(after.oid) ? [path] : [])),
    pointers: new Map(
      kept.flatMap(({ path, after }) => (pointers.has(after.oid) ? [[path, after.oid] as const] : [])),
    ),
  };
}

/** Why a change must not be offered because of its files of Git LFS; undefined where nothing keeps it. */
export async function lfsProblem(
  sources: LfsSources,
  texts: Texts,
  from: string,
  to: string,
): Promise<string | undefined> {
  const { space } = sources;
  const { contents, pointers } = await leftBy(space, texts, from, to);
  if (contents.length > 0) return notPointers(named(contents.map(textOf)), space.lfs !== undefined);
  if (space.lfs === undefined || pointers.size === 0) return undefined;
  // Of what the base has elsewhere, nobody but the base has to have the content.
  const base = new Set(
    [...(await entriesOf(placeOf(space.mirror), from)).values()].map((entry) => entry.split(' ')[1]),
  );
  const own = [...pointers].flatMap(([path, blob]) => (base.has(blob) ? [] : [path]));
  const lacking = own.length === 0 ? undefined : await bringContents(sources, to, new Set(own));
  return lacking === undefined
    ? undefined
    : `${named(lacking.paths)}: a pointer of Git LFS, and its content is not in the workspace (${lacking.why}): put the file itself there, or the pointer back as it is in the base`;
}

const named = (paths: readonly string[]): string => paths.slice(0, LIMITS.filesNamedMax).join(', ');

const notPointers = (paths: string, hasLfs: boolean): string =>
  `${paths}: kept by Git LFS, as .gitattributes says, and ${
    hasLfs
      ? 'its content was committed in the place of its pointer'
      : 'without git-lfs where the engine runs Pawl puts nothing there'
  }: put it back as it is in the base; with git-lfs installed, a person can commit it on the task's branch`;

/** Commits of an agent's that are looked at; more are not built upon. */
const COMMITS_MAX = 100;

/** Whether commits past the task's own hold a content: it would stay in the history, whatever the last of them has. */
export async function commitsContents(space: Space, commit: string): Promise<boolean> {
  const { tip } = space.refs;
  const args = ['rev-list', `--max-count=${COMMITS_MAX + 1}`, commit, '--not', tip];
  const { stdout } = await git(placeOf(space.mirror), args);
  const commits = stdout.toString('utf8').split('\n').filter(Boolean);
  const texts = createTexts();
  if (commits.length > COMMITS_MAX) return true;
  for (const one of commits) if ((await leftBy(space, texts, tip, one)).contents.length > 0) return true;
  return false;
}
