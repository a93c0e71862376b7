/**
 * The engine's own copy of a user's repository: bare, private, one per repository. Workspaces share its objects, so that an
 * agent has a git that works and cannot harm the user's repository through it. What an agent may have changed in the
 * mirror's own settings is put back before the engine uses it.
 */
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOfText } from '../../domain/digest.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { lock } from '../files/file-lock.ts';
import { isCode, kindOf, removeTree } from '../files/without-links.ts';
import { readRef } from './distrusted-refs.ts';
import { askKept } from './kept-git.ts';
import { GitError, type GitPlace, git } from './run-git.ts';
import { type Tag, tagRef, tagsIn } from './tags.ts';

const CONFIG = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n[gc]\n\tauto = 0\n';
const HEAD = 'ref: refs/heads/unborn\n';
/** Files by which a repository decides what a command does or sees. A mirror has none of them. */
const NOT_OURS = ['config.worktree', 'info', 'hooks', 'objects/info/alternates'];

/** Readable and unique: what belongs to one repository is found by its real path. */
export function repositoryKey(repository: string): string {
  const name = basename(repository)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const slug = name.slice(0, 40).replace(/^-+|-+$/g, '');
  return `${slug || 'repository'}-${digestOfText(repository).slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

export const mirrorOf = (mirrors: string, repository: string): string =>
  join(mirrors, `${repositoryKey(repository)}.git`);

export const placeOf = (mirror: string): GitPlace => ({ cwd: mirror, env: { GIT_DIR: mirror } });

/** Where the refs to what was brought of bases are. */
export const FETCHED_REFS = 'refs/pawl/fetched/';

/** The last commit of a base branch that was brought here: what need not be brought again. */
export const fetchedRef = (base: string): string => `${FETCHED_REFS}${encodeURIComponent(base)}`;

/** Looks for what `git init` makes last: a mirror without it is one whose making is not over, or was cut off. */
export const hasMirror = async (mirror: string): Promise<boolean> =>
  (await kindOf(join(mirror, 'objects', 'info'))) !== undefined;

/** Makes the mirror, or what a kill left out of it. Under its lock. */
export async function ensureMirror(mirror: string): Promise<void> {
  if (!(await hasMirror(mirror))) {
    await mkdir(mirror, { recursive: true, mode: 0o700 });
    await git({ cwd: mirror }, ['init', '-q', '--bare', '--template=', mirror]);
  }
  await claimMirror(mirror);
}

/** Puts back what makes the mirror the engine's. */
export async function claimMirror(mirror: string): Promise<void> {
  const put = async (name: string, text: string) => {
    if ((await readWhole(join(mirror, name))) !== text) await writeWhole(join(mirror, name), text);
  };
  await Promise.all([
    put('config', CONFIG),
    put('HEAD', HEAD),
    ...NOT_OURS.map((name) => removeTree(join(mirror, name))),
  ]);
}

/** A commit of a base branch, with tags that are to come along. */
export interface BaseTip {
  readonly commit: string;
  readonly tags: readonly Tag[];
  /** The commit below which the tags are, where that is another one. */
  readonly tagged?: string;
}

/** Where base commits come from. */
export interface BaseSource {
  /** Where a branch is now. @throws PawlError `precondition` when there is no such branch */
  tipOf(base: string): Promise<BaseTip>;
  /** Where a branch is that need not be there. */
  find(branch: string): Promise<string | undefined>;
  /**
   * Brings a commit into the mirror, and all it stands on, without a ref; what anybody may have made by hand is looked at.
   * Idempotent. @param known a commit of which the mirror has all
   * @throws PawlError `precondition` for what is forbidden
   */
  bringCommit(mirror: string, commit: string, known: string): Promise<void>;
  /**
   * Brings a commit and all it stands on into the mirror. Idempotent.
   * @param whole a commit of which the mirror has all already
   * @param annotated tags of the tip that the mirror does not have
   * @returns the tags of which it has all now
   */
  bring(
    mirror: string,
    tip: BaseTip,
    whole: string | undefined,
    annotated: readonly string[],
  ): Promise<readonly Tag[]>;
}

export interface BringInto {
  readonly source: BaseSource;
  readonly mirror: string;
  /** File of the mirror's lock: what comes is brought once, however many tasks want it. */
  readonly lock: string;
}

/**
 * Makes a commit of a base branch available in the mirror, which is made where it is missing, and sets refs to it in
 * the same step. Idempotent. Answers the tags that came along.
 */
export async function bringBase(
  { source, mirror, lock: lockFile }: BringInto,
  base: string,
  tip: BaseTip,
  refs: readonly string[],
): Promise<readonly Tag[]> {
  const held = await lock(lockFile);
  try {
    await ensureMirror(mirror);
    const fetched = await readRef(mirror, fetchedRef(base));
    const known = await tagsIn(mirror);
    const isMissing = ({ oid, annotated }: Tag) => annotated && !known.has(oid);
    const missing = tip.tags.filter(isMissing).map(({ oid }) => oid);
    const tags = await source.bring(mirror, tip, fetched, missing);
    const changes = (fetched === tip.commit ? refs : [fetchedRef(base), ...refs]).map((ref) => ({
      ref,
      to: tip.commit,
    }));
    const kept = tags.filter(isMissing).map(({ oid }) => ({ ref: tagRef(oid), to: oid }));
    await updateRefs(mirror, [...changes, ...kept]);
    return tags;
  } finally {
    held.release();
  }
}

export interface RefChange {
  readonly ref: string;
  /** undefined removes it. */
  readonly to: string | undefined;
}

const LOCK_TRIES = 30;
const LOCK_RETRY_MS = 100;
/** Git holds the lock of a ref for milliseconds: an older one belongs to a git that was killed. */
const LOCK_AGE_MS = 1_500;

/** Sets and removes refs of the mirror; also where a killed git left a ref locked. Running it twice changes nothing. */
export async function updateRefs(mirror: string, changes: readonly RefChange[]): Promise<void> {
  const lines = changes.map(({ ref, to }) => (to === undefined ? `delete ${ref}` : `update ${ref} ${to}`));
  const locks = ['packed-refs', ...changes.map(({ ref }) => ref)].map((name) => join(mirror, `${name}.lock`));
  for (let left = LOCK_TRIES; ; left -= 1) {
    try {
      return await askKept(placeOf(mirror), ['update-ref', '--stdin'], async (talk) => {
        talk.write(['start', ...lines, 'commit', ''].join('\n'));
        // `start: ok`, `commit: ok`. What goes wrong ends it.
        for (const _ of ['start', 'commit']) await talk.line();
      });
    } catch (error) {
      if (!(error instanceof GitError) || !/\.lock': File exists/.test(error.stderr) || left <= 1)
        throw error;
      for (const path of locks) await removeStale(path);
      await sleep(LOCK_RETRY_MS);
    }
  }
}

async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (found !== undefined && Date.now() - found.mtimeMs > LOCK_AGE_MS) await rm(path, { force: true });
}
