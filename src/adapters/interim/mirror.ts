/**
 * A private bare copy of a user's repository. Workspaces are worktrees of it, so that neither the engine's git nor an
 * agent's touches the user's own repository before the merge, and no configuration of the user's repository is read.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { lock } from '../file-lock.ts';
import { foreign, GitError, type GitPlace, git } from './git.ts';
import { commitOfBranch } from './repository.ts';

export interface Mirror {
  readonly gitDir: string;
  readonly place: GitPlace;
}

/** The engine's own configuration of a mirror. What an agent writes there is taken back before the engine's next call. */
const CONFIGURATION = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
`;

/** A readable and unique word for a repository: its folder's name and a digest of its real path. */
export function repositoryKey(repository: string): string {
  const words = basename(repository)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  const digest = createHash('sha256').update(repository).digest('hex').slice(0, 12);
  return words === '' ? digest : `${words}-${digest}`;
}

export const mirrorOf = (mirrors: string, repository: string): Mirror => {
  const gitDir = join(mirrors, `${repositoryKey(repository)}.git`);
  return { gitDir, place: { cwd: mirrors, gitDir } };
};

/** Where the base of a repository stands in its mirror. */
const baseRef = (base: string): string => `refs/pawl/bases/${base}`;

/** Makes the mirror where it is missing and brings the base up to date; answers its commit. Serial per repository. */
export async function fetchBase(
  places: { readonly mirrors: string; readonly locks: string },
  repository: string,
  base: string,
): Promise<string> {
  const mirror = mirrorOf(places.mirrors, repository);
  const baseCommit = await commitOfBranch(await foreign(repository), base);
  const held = await lock(join(places.locks, `mirror-${repositoryKey(repository)}.lock`));
  try {
    await makeMirror(places.mirrors, mirror);
    await fetchInto(mirror, repository, `refs/heads/${base}`, baseRef(base));
  } finally {
    held.release();
  }
  // The branch may have moved while it was fetched: what was fetched is what counts.
  const { out } = await git(mirror.place, ['rev-parse', '--verify', `${baseRef(base)}^{commit}`]);
  return out.trim() || baseCommit;
}

/** Puts the configuration back to the engine's own. One small read where nothing was changed. */
export async function secureMirror({ gitDir }: Mirror): Promise<void> {
  const path = join(gitDir, 'config');
  if ((await readFile(path, 'utf8')) === CONFIGURATION) return;
  await writeFile(`${path}.pawl`, CONFIGURATION);
  await rename(`${path}.pawl`, path);
}

async function makeMirror(mirrors: string, mirror: Mirror): Promise<void> {
  // The configuration is written last, so a mirror that has it is whole.
  const whole = await stat(join(mirror.gitDir, 'pawl-mirror')).catch(() => undefined);
  if (whole !== undefined) return secureMirror(mirror);
  await rm(mirror.gitDir, { recursive: true, force: true });
  await mkdir(mirrors, { recursive: true, mode: 0o700 });
  await git({ cwd: mirrors }, ['init', '--quiet', '--bare', '--template=', mirror.gitDir]);
  await secureMirror(mirror);
  await writeFile(join(mirror.gitDir, 'pawl-mirror'), '');
}

/** Copies one ref between two local repositories, without tags, submodules, hooks or maintenance. */
export async function fetchInto(to: Mirror, from: string, source: string, target: string): Promise<void> {
  try {
    await git(to.place, [...FETCH, from, `+${source}:${target}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new PawlError(
      'precondition',
      `cannot fetch ${source} from ${from}: ${error.words.split('\n')[0]}`,
      { cause: error },
    );
  }
}

export const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--no-show-forced-updates',
];
