/**
 * The user's repository, before anything is done with it: that it is one, where its top is, what the base branch is.
 * Only looks; every problem is one line that says what to do.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { isOwnBranch } from '../../domain/ids.ts';
import { kindOf } from '../files/without-links.ts';
import { isBranchName, similarNames } from '../git/branch-names.ts';
import { wholeConfiguration } from '../git/configuration.ts';
import { kindAt, textAt } from '../git/files-at.ts';
import { disarmed } from '../git/named-programs.ts';
import { linesIn } from '../git/path-bytes.ts';
import { plainHead, readBranches } from '../git/plain-refs.ts';
import { GitError, type GitPlace, git, gitLine } from '../git/run-git.ts';
import { withoutUntold } from '../git/untold.ts';

const SIMILAR_SHOWN_MAX = 5;

export interface Repository {
  /** Real path of the working tree's top folder, or of the repository itself when it is bare. */
  readonly top: string;
  readonly bare: boolean;
  /** Where branches and objects are, which linked working trees share. */
  readonly commonDir: string;
  /** What git keeps of this working tree alone: HEAD, index, what is under way. */
  readonly gitDir: string;
  readonly place: GitPlace;
}

interface BaseIn {
  readonly repository: string;
  readonly base: string;
  readonly baseCommit: string;
}
export interface Found extends BaseIn {
  /** Where in it the path is by which it was asked for, from its top; '' for the top itself. */
  readonly folder: string;
}
export interface Inspected extends BaseIn {
  readonly dirty: boolean;
}

/**
 * Where a task would start, without a look at the user's files.
 * @param base branch; else the one that is checked out
 * @throws PawlError `invalid_input` for a relative path; `precondition` when it is no repository, has no commit, HEAD is detached or the base is unknown
 */
export async function findRepository(path: string, base?: string): Promise<Found> {
  // The engine's own folder is not that of who asks.
  if (!isAbsolute(path))
    throw new PawlError('invalid_input', `expected the absolute path of a git repository, got ${path}`);
  const repository = await openRepository(path);
  return { ...(await baseIn(repository, base)), folder: relative(repository.top, await realpath(path)) };
}

/** What a task needs to know of a repository. @throws as `findRepository` */
export async function inspectRepository(path: string, base?: string): Promise<Inspected> {
  const repository = await openRepository(path);
  const [found, dirty] = await Promise.all([baseIn(repository, base), isDirty(repository)]);
  return { ...found, dirty };
}

async function baseIn(repository: Repository, base: string | undefined): Promise<BaseIn> {
  if (base === undefined) {
    const current = await checkedOut(repository);
    if (current !== undefined) return { repository: repository.top, ...current };
  }
  const branch = base === undefined ? await currentBranch(repository) : branchName(base);
  return { repository: repository.top, base: branch, baseCommit: await baseTipOf(repository, branch) };
}

/** A file of a commit as `findRepository` answers it, or undefined; a link is not followed. */
export const fileAtCommit = (repository: string, commit: string, path: string): Promise<string | undefined> =>
  textAt({ cwd: repository }, commit, path);

/** Why a task cannot start in a folder of a commit; undefined when it can. A link is no folder: it may lead anywhere. */
export async function folderProblem(
  repository: string,
  commit: string,
  folder: string,
): Promise<string | undefined> {
  const kind = await kindAt({ cwd: repository }, commit, folder);
  if (kind === 'tree') return undefined;
  const path = JSON.stringify(folder);
  return kind === undefined ? `there is no folder ${path}` : `${path} is ${WHAT_IT_IS[kind]}`;
}

const WHAT_IT_IS = { blob: 'a file', link: 'a link', commit: 'a submodule' } as const;

/** @param path of the repository or a folder in it. @throws PawlError `precondition` */
export async function openRepository(path: string): Promise<Repository> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw precondition(`${path} does not exist: name the folder of a git repository`);
  const kind = await lstat(real);
  if (!kind.isDirectory()) throw precondition(`${path} is a file: name the folder of a git repository`);
  const stamp = await stampOf(real);
  const before = known.get(real);
  if (before !== undefined && before.stamp === stamp) return before.repository;
  const repository = await askGit(path, real);
  known.delete(real);
  if (stamp !== undefined && repository.top === real) known.set(real, { stamp, repository });
  for (const oldest of [...known.keys()].slice(0, -KNOWN_MAX)) known.delete(oldest);
  return repository;
}

/** What git has said of a folder holds as long as nothing has changed by which it would say something else. */
const known = new Map<string, { readonly stamp: string; readonly repository: Repository }>();
const KNOWN_MAX = 100;

/** All that decides what a repository at the top of its working tree is; undefined where only git can tell. */
async function stampOf(top: string): Promise<string | undefined> {
  const dotGit = join(top, '.git');
  const [folder, head, elsewhere] = await Promise.all([
    kindOf(dotGit),
    kindOf(join(dotGit, 'HEAD')),
    kindOf(join(dotGit, 'commondir')),
  ]);
  if (folder?.isDirectory() !== true || head === undefined || elsewhere !== undefined) return undefined;
  const configuration = await wholeConfiguration(dotGit);
  return configuration === undefined ? undefined : `${folder.dev} ${folder.ino} ${configuration}`;
}

async function askGit(path: string, real: string): Promise<Repository> {
  const place = { cwd: real };
  const asked = ['--is-bare-repository', '--is-inside-work-tree', '--show-object-format'];
  const answer = await gitLine(place, ['rev-parse', ...asked, '--show-cdup', '--absolute-git-dir']).catch(
    (error: unknown) => {
      if (!(error instanceof GitError)) throw error;
      throw problemIn(path, error);
    },
  );
  const [bare, inside, format, ...rest] = answer.split('\n');
  if (format !== 'sha1') throw precondition(`${path} uses ${format} object names: Pawl knows sha1 only`);
  if (bare === 'true') return opened(real, true, rest.join('\n'));
  if (inside !== 'true') {
    throw precondition(`${path} is not in a working tree: name the top folder of the repository`);
  }
  const [cdup = '', ...gitDir] = rest;
  const repository = opened(resolve(real, cdup), false, gitDir.join('\n'));
  if (await isTopOf(repository.top, gitDir.join('\n'))) return repository;
  throw precondition(
    `core.worktree in the configuration of ${path} names ${repository.top}: Pawl works only where .git is`,
  );
}

/** Reftable, say, is an extension that an older git does not know. */
function problemIn(path: string, error: GitError): Error {
  const unknown = /^fatal: (unknown repository extension.*|Expected git repo version.*)$/ms.exec(
    error.stderr,
  );
  if (unknown?.[1] !== undefined) {
    const what = unknown[1].trim().replace(/\s+/g, ' ');
    return precondition(
      `${path} is of another kind than the git on PATH knows (${what}): install a newer git`,
    );
  }
  if (!error.stderr.includes('not a git repository')) return error;
  return precondition(`${path} is not a git repository: run \`git init\` and commit there, or name another`);
}

const HEADS = 'refs/heads/';

/** Tip of a branch. @throws PawlError `precondition` naming the branches that are meant perhaps */
export async function baseTipOf(repository: Repository, base: string): Promise<string> {
  const { place, top } = repository;
  const whole = `${HEADS}${branchName(base)}`;
  const plain = (await readBranches(repository, [whole])).get(whole);
  if (plain !== undefined && plain.symref === undefined) return plain.commit;
  const ref = ['rev-parse', '--verify', '-q', `${whole}^{commit}`];
  const { exitCode, stdout } = await git(place, ref, { accept: [1, 128] });
  if (exitCode === 0) return stdout.toString('utf8').trim();
  const format = '--format=%(refname:lstrip=2)';
  const names = (await gitLine(place, ['for-each-ref', format, 'refs/heads'])).split('\n').filter(Boolean);
  if (names.length === 0) throw precondition(`${top} has no commits: commit something first`);
  const bases = names.filter((name) => !isOwnBranch(name));
  const similar = similarNames(base, bases, SIMILAR_SHOWN_MAX);
  const known = (similar.length > 0 ? similar : bases.slice(0, SIMILAR_SHOWN_MAX)).join(', ');
  const expected = known === '' ? '' : `: expected one such as ${known}`;
  throw precondition(`${top} has no branch ${JSON.stringify(base)}${expected}`);
}

/** Whether the user's working tree has changes that are not committed, new files included; none where that cannot be told. */
export async function isDirty({ place, bare, commonDir }: Repository): Promise<boolean> {
  if (bare) return false;
  const plain = await disarmed(place, commonDir);
  const args = ['status', '--porcelain=v2', '-z', '--untracked-files=normal', '--ignore-submodules=all'];
  const { stdout } = await git(plain, [...args, '--no-renames']);
  return (await withoutUntold(plain, linesIn(stdout))).length > 0;
}

/** The branch that is checked out and its tip; undefined where there is none of both. */
async function checkedOut(repository: Repository): Promise<Omit<BaseIn, 'repository'> | undefined> {
  const { place } = repository;
  const plain = await plainHead(repository);
  if (plain?.ref.startsWith(HEADS)) return { base: plain.ref.slice(HEADS.length), baseCommit: plain.commit };
  const asked = ['rev-parse', '-q', 'HEAD^{commit}', '--symbolic-full-name', 'HEAD'];
  const { exitCode, stdout } = await git(place, asked, { accept: [1, 128] });
  const [, baseCommit, base] = /^([0-9a-f]{40})\nrefs\/heads\/(.+)\n$/.exec(stdout.toString('utf8')) ?? [];
  return exitCode !== 0 || baseCommit === undefined || base === undefined ? undefined : { base, baseCommit };
}

async function currentBranch({ place, top }: Repository): Promise<string> {
  const { exitCode, stdout } = await git(place, ['symbolic-ref', '-q', 'HEAD'], { accept: [1] });
  const ref = stdout.toString('utf8').trim();
  if (exitCode === 0 && ref.startsWith(HEADS)) return ref.slice(HEADS.length);
  throw precondition(`no branch is checked out in ${top}: name the base branch with --base`);
}

/** @throws PawlError `precondition` for a name that no branch can have */
function branchName(base: string): string {
  const name = base.startsWith(HEADS) ? base.slice(HEADS.length) : base;
  if (isBranchName(name)) return name;
  throw precondition(
    `base ${JSON.stringify(base)} cannot be the name of a branch: expected one such as main`,
  );
}

/** A folder is the top when its `.git` is the repository itself, or a file that names it. */
async function isTopOf(top: string, gitDir: string): Promise<boolean> {
  const dotGit = join(top, '.git');
  const kind = await lstat(dotGit).catch(() => undefined);
  if (kind === undefined) return false;
  const named = kind.isFile()
    ? resolve(
        top,
        readFileSync(dotGit, 'utf8')
          .replace(/^gitdir: /, '')
          .trimEnd(),
      )
    : dotGit;
  const [one, other] = await Promise.all([named, gitDir].map((path) => realpath(path).catch(() => path)));
  return one === other;
}

function opened(top: string, bare: boolean, gitDir: string): Repository {
  return { top, bare, commonDir: commonDirOf(gitDir), gitDir: realpathSync(gitDir), place: { cwd: top } };
}

/** A linked working tree keeps where its repository is in a file. Real paths, so that two of them can be compared. */
function commonDirOf(gitDir: string): string {
  const file = join(gitDir, 'commondir');
  return realpathSync(existsSync(file) ? resolve(gitDir, readFileSync(file, 'utf8').trimEnd()) : gitDir);
}

const precondition = (message: string): PawlError => new PawlError('precondition', message);
