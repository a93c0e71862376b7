/**
 * What programs that ask git find around a workspace's own branch, as in the user's clone: the base branch under its
 * name and as the remote's, tags, and a remote with the address of the user's, which takes no push.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import type { Repository } from '../repository/find-repository.ts';
import { addressWithoutPassword, remoteOf } from '../repository/named-remote.ts';
import { readRef } from './distrusted-refs.ts';
import { ignoreRulesOf } from './ignore-rules.ts';
import { LFS_SECTION } from './lfs-program.ts';
import { placeOf } from './mirror.ts';
import { NO_OBJECT, readCommits } from './objects.ts';
import { gitDirOf, ignoreRulesFile, type Space } from './space.ts';
import { readNote } from './submodules.ts';
import { type Tag, tagsBelow, tagsKept } from './tags.ts';

/** What the repository of a workspace is told once, when it is made. */
export interface Surroundings {
  /** Address of its remote `origin`. */
  readonly origin: string;
  readonly tags: readonly Pick<Tag, 'ref' | 'oid'>[];
  /** What the person's clone ignores besides what commits say, see `ignoreRulesOf`. */
  readonly ignoreRules: string;
}

const known = new WeakMap<Repository, string>();

/** The address of the user's remote, without a credential; that of the repository itself where it has none. */
export async function addressFor(repository: Repository): Promise<string> {
  const before = known.get(repository);
  if (before !== undefined) return before;
  const remote = await remoteOf(repository.top);
  const address = (remote && addressWithoutPassword(remote.url)) ?? repository.top;
  // An opened repository is another one as soon as its settings are.
  known.set(repository, address);
  return address;
}

/** Of a commit that the mirror has. */
export async function surroundingsOf(
  repository: Repository,
  mirror: string,
  commit: string,
): Promise<Surroundings> {
  const [origin, tags, ignoreRules] = await Promise.all([
    addressFor(repository),
    tagsBelow(repository.place, commit),
    ignoreRulesOf(repository),
  ]);
  return { origin, tags: await tagsKept(mirror, tags), ignoreRules };
}

/** Tells a repository that is about to be made what is around its branch. Before it is dressed for the first time. */
export async function surround(space: Space, { origin, tags, ignoreRules }: Surroundings): Promise<void> {
  await mkdir(space.state, { recursive: true });
  await writeWhole(originFile(space), `${origin}\n`);
  await writeWhole(ignoreRulesFile(space), ignoreRules);
  const refs = [...(await baseRefs(space)), ...tags.map(({ ref, oid }) => [ref, oid] as const)];
  const lines = refs.map(([ref, oid]) => Buffer.from(`${oid} ${ref}\n`));
  // Git searches in it, by bytes; all before the name has one length.
  lines.sort((one, other) => Buffer.compare(one.subarray(REF_AT), other.subarray(REF_AT)));
  await writeWhole(packedFile(space), `# pack-refs with: sorted \n${lines.join('')}`);
  await putPackedRefs(space);
}

/** What a repository was told; undefined where there is none, or an engine made it that did not keep it. */
export async function toldTo(space: Space): Promise<Surroundings | undefined> {
  const files = [originFile(space), packedFile(space), ignoreRulesFile(space)];
  const [origin, packed, ignoreRules = ''] = await Promise.all(files.map(readWhole));
  if (origin === undefined || packed === undefined) return undefined;
  const tags = packed.split('\n').flatMap((line) => {
    const ref = line.slice(REF_AT);
    return ref.startsWith('refs/tags/') ? [{ ref, oid: line.slice(0, REF_AT - 1) }] : [];
  });
  return { origin: origin.trim(), tags, ignoreRules };
}

/** The refs around it, as it was told. Idempotent. */
export async function putPackedRefs(space: Space): Promise<void> {
  await mkdir(gitDirOf(space), { recursive: true });
  const text = await readWhole(packedFile(space));
  if (text !== undefined) await writeWhole(join(gitDirOf(space), 'packed-refs'), text);
}

const packedFile = ({ state }: Space): string => join(state, 'packed-refs');

const REF_AT = NO_OBJECT.length + 1;

type ShownRef = readonly [ref: string, oid: string];

/** The refs that show the base branch, and that from which an execution began, with where they are. */
export async function baseRefs(space: Space): Promise<readonly ShownRef[]> {
  const { mirror, refs, owner } = space;
  const { base, trunk } = owner;
  const oid = (await readRef(mirror, refs.upstream)) ?? (await readRef(mirror, refs.base));
  const shown = oid === undefined || base === undefined ? [] : shownAs(space, base, oid);
  if (trunk === undefined || trunk.branch === base) return shown;
  const [known] = await readCommits(placeOf(mirror), [trunk.commit]);
  return known === undefined ? shown : [...shown, ...shownAs(space, trunk.branch, trunk.commit)];
}

/** As a branch and as the remote's; not one in whose way the task's branch would be. */
function shownAs({ refs }: Space, branch: string, oid: string): readonly ShownRef[] {
  const [own, other] = [`${refs.branch}/`, `refs/heads/${branch}/`];
  const isApart = !own.startsWith(other) && !other.startsWith(own);
  const remote = [`refs/remotes/origin/${branch}`, oid] as const;
  return isApart ? [[`refs/heads/${branch}`, oid], remote] : [remote];
}

/** The settings of a workspace's repository. */
export async function configurationOf(space: Space): Promise<string> {
  const { repository, base } = space.owner;
  // Worktrees from before it was kept have the user's repository as theirs.
  const origin = (await readWhole(originFile(space)))?.replace(/\n$/, '') ?? repository;
  const section = (name: string, settings: readonly string[]) =>
    `[${name}]\n${settings.map((setting) => `\t${setting}\n`).join('')}`;
  return [
    section('core', [
      'repositoryformatversion = 0',
      'filemode = true',
      'bare = false',
      'logallrefupdates = true',
      // What an agent puts in the place of its commits is shown to no check, and to nobody who looks into its workspace.
      'useReplaceRefs = false',
    ]),
    section('gc', ['auto = 0']),
    section('remote "origin"', [
      `url = ${quoted(origin)}`,
      `pushurl = ${NO_PUSH}`,
      'fetch = +refs/heads/*:refs/remotes/origin/*',
    ]),
    ...(base === undefined
      ? []
      : [section(`branch ${quoted(base)}`, ['remote = origin', `merge = ${quoted(`refs/heads/${base}`)}`])]),
    ...(space.lfs === undefined ? [] : [section('filter "lfs"', LFS_SECTION)]),
    ...(await activeSubmodules(space)),
  ].join('');
}

/** Those that the engine checks out, as `git submodule` is told that they are. */
async function activeSubmodules(space: Space): Promise<readonly string[]> {
  const { wanted = false } = (await readNote(space)) ?? {};
  if (wanted === false) return [];
  return [activeSection(wanted === true ? ['.'] : wanted.map((path) => `:(literal)${path}`))];
}

/** No repository, and the reason in what git says about it: only the engine takes a change out of a workspace. */
const NO_PUSH = 'no-push-from-a-workspace';

/** @param pathspecs of submodules */
export const activeSection = (pathspecs: readonly string[]): string =>
  `[submodule]\n${pathspecs.map((one) => `\tactive = ${quoted(one)}\n`).join('')}`;

/** As a value, or a name, in a configuration. */
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;

const originFile = ({ state }: Space): string => join(state, 'origin');
