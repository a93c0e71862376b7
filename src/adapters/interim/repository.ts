/** What a user's repository is, before anything is done with it. Reads only. */
import { realpath, stat } from 'node:fs/promises';
import { PawlError } from '../../domain/failures.ts';
import { foreign, GitError, type GitPlace, git, gitLine } from './git.ts';

export interface InspectedRepository {
  /** Real path of the top folder (of the repository itself where it is bare). */
  readonly repository: string;
  /** Short name of the base branch. */
  readonly base: string;
  readonly baseCommit: string;
  /** Tracked files have changes that no commit holds. */
  readonly dirty: boolean;
}

const NAMED_MAX = 10;

/**
 * @param path any path inside the repository
 * @param base a branch; without it, the one that is checked out
 * @throws PawlError `precondition`: not a repository, no commits, unknown base, no branch checked out
 */
export async function inspectRepository(path: string, base?: string): Promise<InspectedRepository> {
  const repository = await topOf(path);
  const place = await foreign(repository);
  const branch = base ?? (await currentBranch(place));
  const baseCommit = await commitOfBranch(place, branch);
  return { repository, base: branch, baseCommit, dirty: await isDirty(place) };
}

/** The commit a branch points at now. @throws PawlError `precondition` when there is none */
export async function commitOfBranch(place: GitPlace, branch: string): Promise<string> {
  const { code, out } = await git(
    place,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${branch}^{commit}`],
    {
      answers: [1, 128],
    },
  );
  if (code === 0) return out.trim();
  const { out: all } = await git(place, ['for-each-ref', '--format=%(refname:short)', 'refs/heads/']);
  const branches = all.split('\n').filter((name) => name !== '' && !name.startsWith('pawl/'));
  if (branches.length === 0) {
    throw new PawlError('precondition', `${place.cwd} has no commits yet: make a first one, then run again`);
  }
  const some = branches.slice(0, NAMED_MAX).join(', ');
  throw new PawlError(
    'precondition',
    `unknown base ${JSON.stringify(branch)}: expected a branch of ${place.cwd}, such as ${some}`,
  );
}

/** Whether tracked files differ from the commit; a bare repository has none. */
export async function isDirty(place: GitPlace): Promise<boolean> {
  const args = ['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=all'];
  try {
    return (await git(place, args)).out !== '';
  } catch (error) {
    if (error instanceof GitError && error.words.includes('must be run in a work tree')) return false;
    throw error;
  }
}

/** A regular file of a commit as text; undefined where there is none. A link is no file and is not followed. */
export async function fileAtCommit(
  place: GitPlace,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const { out } = await git(place, ['ls-tree', '-z', commit, '--', path]);
  const [, mode, id] = /^(\d+) blob ([0-9a-f]+)\t/.exec(out) ?? [];
  if (id === undefined || mode === undefined || !mode.startsWith('100')) return undefined;
  return (await git(place, ['cat-file', 'blob', id])).out;
}

export async function fileAtBase(
  repository: string,
  base: string,
  path: string,
): Promise<string | undefined> {
  const place = await foreign(repository);
  return fileAtCommit(place, await commitOfBranch(place, base), path);
}

async function topOf(path: string): Promise<string> {
  const folder = await stat(path).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new PawlError('precondition', `${path} is not a folder: give a git repository by --repo`);
  }
  try {
    const bare = (await gitLine({ cwd: path }, ['rev-parse', '--is-bare-repository'])) === 'true';
    const top = await gitLine({ cwd: path }, ['rev-parse', bare ? '--absolute-git-dir' : '--show-toplevel']);
    return await realpath(top);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.words.includes('dubious ownership')) {
      throw new PawlError(
        'precondition',
        `${path} belongs to another user: Pawl works on repositories of the user it runs as`,
      );
    }
    throw new PawlError(
      'precondition',
      `${path} is not a git repository: make one with \`git init\`, or give another by --repo`,
    );
  }
}

async function currentBranch(place: GitPlace): Promise<string> {
  const { code, out } = await git(place, ['symbolic-ref', '--quiet', '--short', 'HEAD'], {
    answers: [1, 128],
  });
  if (code === 0) return out.trim();
  throw new PawlError(
    'precondition',
    `${place.cwd} has no branch checked out: name the branch to work from by --base`,
  );
}
