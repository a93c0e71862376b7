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
import { LFS_SECTION } from './lfs-program.ts';
import { NO_OBJECT } from './objects.ts';
import { gitDirOf, type Space } from './space.ts';
import { readNote } from './submodules.ts';
import { type Tag, tagsBelow, tagsKept } from './tags.ts';

/** What the repository of a workspace is told once, when it is made. */
export interface Surroundings {
  /** Address of its remote `origin`. */
  readonly origin: string;
  readonly tags: readonly Pick<Tag, 'ref' | 'oid'>[];
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
  const [origin, tags] = await Promise.all([addressFor(repository), tagsBelow(repository.place, commit)]);
  return { origin, tags: await tagsKept(mirror, tags) };
}

/** Tells a repository that is about to be made what is around its branch. Before it is dressed for the first time. */
export async function surround(space: Space, { origin, tags }: Surroundings): Promise<void> {
  await mkdir(space.state, { recursive: true });
  await writeWhole(originFile(space), `${origin}\n`);
  const refs = [...(await baseRefs(space)), ...tags.map(({ ref, oid }) => [ref, oid] as const)];
  const lines = refs.map(([ref, oid]) => Buffer.from(`${oid} ${ref}\n`));
  // Git searches in it, by bytes; all before the name has one length.
  lines.sort((one, other) => Buffer.compare(one.subarray(REF_AT), other.subarray(REF_AT)));
  await writeWhole(packedFile(space), `# pack-refs with: sorted \n${lines.join('')}`);
  await putPackedRefs(space);
}

/** What a repository was told; undefined where there is none, or an engine made it that did not keep it. */
export async function toldTo(space: Space): Promise<Surroundings | undefined> {
  const [origin, packed] = await Promise.all([readWhole(originFile(space)), readWhole(packedFile(space))]);
  if (origin === undefined || packed === undefined) return undefined;
  const tags = packed.split('\n').flatMap((line) => {
    const ref = line.slice(REF_AT);
    return ref.startsWith('refs/tags/') ? [{ ref, oid: line.slice(0, REF_AT - 1) }] : [];
  });
  return { origin: origin.trim(), tags };
}

/** The refs around it, as it was told. Idempotent. */
export async function putPackedRefs(space: Space): Promise<void> {
  await mkdir(gitDirOf(space), { recursive: true });
  const text = await readWhole(packedFile(space));
  if (text !== undefined) await writeWhole(join(gitDirOf(space), 'packed-refs'), text);
}

const packedFile = ({ state }: Space): string => join(state, 'packed-refs');

const REF_AT = NO_OBJECT.length + 1;

/** The refs that show the base branch, with where they are; not one in whose way the task's branch would be. */
export async function baseRefs(space: Space): Promise<readonly (readonly [ref: string, oid: string])[]> {
  const { mirror, refs, owner } = space;
  const { base: branch } = owner;
  const oid = (await readRef(mirror, refs.upstream)) ?? (await readRef(mirror, refs.base));
  if (oid === undefined || branch === undefined) return [];
  const [own, base] = [`${refs.branch}/`, `refs/heads/${branch}/`];
  const isApart = !own.startsWith(base) && !base.startsWith(own);
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
