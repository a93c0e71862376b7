/** Commits of the engine's on a task's branch. Each carries its effect's key, by which a repeat finds it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { git, gitLine } from './git.ts';
import { adoptIndex, moveTip, readRef, unlockIndex, type Worktree, writeTree } from './worktree.ts';

export const KEY_TRAILER = 'Pawl-Effect';
/** Notes a merge that waits for an agent to solve its conflicts: the other parent, then the files, one a line. */
const PENDING_MERGE = 'pawl-merge';
const MESSAGE_CHARS_MAX = 8_000;

type Joined =
  | { readonly kind: 'merged'; readonly commit: string }
  | { readonly kind: 'conflict'; readonly files: string[] };

/** See `Workspaces.commit`. @throws PawlError `conflict` while conflict markers are left in a merge's files */
export async function commitWorktree(
  worktree: Worktree,
  message: string,
  key: string,
): Promise<string | undefined> {
  const { mirror, branch } = worktree;
  const known = await tipOf(worktree);
  if ((await keyOf(worktree, known)) === key) return known;
  await unlockIndex(worktree);
  const pending = await pendingMerge(worktree, known);
  const ofAgent = await readRef(mirror, branch);
  // An agent may commit on its branch; one that rewrote what the engine had made is not followed there.
  const parent = ofAgent !== undefined && (await isAncestor(worktree, known, ofAgent)) ? ofAgent : known;
  let made: string | undefined;
  await writeTree(worktree, async (index, tree) => {
    const unchanged = tree === (await gitLine(mirror.place, ['rev-parse', `${parent}^{tree}`]));
    if (unchanged && parent === known && pending === undefined) return;
    if (pending !== undefined) await refuseMarkers(worktree, tree, pending.files);
    const parents = [parent, ...(pending === undefined ? [] : [pending.base])];
    made = await commitTree(worktree, tree, parents, withKey(message, key));
    await moveTip(worktree, made);
    await adoptIndex(worktree, index);
  });
  if (made !== undefined) await rm(join(worktree.admin, PENDING_MERGE), { force: true });
  return made;
}

/** See `Workspaces.mergeBase`; the base commit is in the mirror already. */
export async function mergeBaseInto(
  worktree: Worktree,
  head: string,
  base: string,
  restore: (worktree: Worktree, treeish: string) => Promise<void>,
): Promise<Joined> {
  const known = await tipOf(worktree);
  if (known !== head && (await parentsOf(worktree, known)).join() === [head, base].join()) {
    await restore(worktree, known);
    return { kind: 'merged', commit: known };
  }
  const { code, out } = await git(worktree.mirror.place, ['merge-tree', '--write-tree', '-z', head, base], {
    answers: [1],
  });
  const [tree = '', ...rest] = out.split('\0');
  if (code === 0) {
    const dates = await datesOf(worktree, base);
    const commit = await commitTree(worktree, tree, [head, base], 'Merge the base, which had moved', dates);
    await moveTip(worktree, commit);
    await restore(worktree, commit);
    return { kind: 'merged', commit };
  }
  // `<mode> <object> <stage>\t<file>` for each side of each conflict, up to an empty one.
  const sides = rest.slice(0, rest.indexOf(''));
  const files = [...new Set(sides.map((side) => side.slice(side.indexOf('\t') + 1)))];
  await writeFile(join(worktree.admin, PENDING_MERGE), [base, ...files].join('\n'));
  await restore(worktree, tree);
  return { kind: 'conflict', files };
}

async function commitTree(
  { mirror }: Worktree,
  tree: string,
  parents: readonly string[],
  message: string,
  environment: Record<string, string> = {},
): Promise<string> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
  return gitLine(mirror.place, args, { input: message, environment });
}

async function tipOf(worktree: Worktree): Promise<string> {
  const known = await readRef(worktree.mirror, worktree.tip);
  if (known === undefined) throw new PawlError('precondition', `there is no workspace at ${worktree.path}`);
  return known;
}

const keyOf = ({ mirror }: Worktree, commit: string): Promise<string> =>
  gitLine(mirror.place, [
    'log',
    '-1',
    `--format=%(trailers:key=${KEY_TRAILER},valueonly,separator=%x2C)`,
    commit,
  ]);

/** One line of a title, a text, the key. A NUL or a control character ends no message early. */
function withKey(message: string, key: string): string {
  const words = message
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .slice(0, MESSAGE_CHARS_MAX)
    .trim();
  return `${words}\n\n${KEY_TRAILER}: ${key}\n`;
}

/** The merge that waits for its conflicts to be solved, unless it has been made meanwhile. */
async function pendingMerge(
  worktree: Worktree,
  known: string,
): Promise<{ base: string; files: string[] } | undefined> {
  const noted = await readFile(join(worktree.admin, PENDING_MERGE), 'utf8').catch(() => undefined);
  const [base, ...files] = noted?.split('\n') ?? [];
  return base === undefined || (await isAncestor(worktree, base, known)) ? undefined : { base, files };
}

async function refuseMarkers({ mirror }: Worktree, tree: string, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const args = ['grep', '--name-only', '-z', '-I', '-E', '^(<<<<<<<|>>>>>>>)( |$)', tree, '--', ...files];
  const { code, out } = await git(mirror.place, args, { answers: [1] });
  if (code === 1) return;
  const names = out
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => name.slice(name.indexOf(':') + 1));
  throw new PawlError('conflict', `conflict markers are left in ${names.join(', ')}`);
}

async function isAncestor({ mirror }: Worktree, older: string, newer: string): Promise<boolean> {
  return (
    (await git(mirror.place, ['merge-base', '--is-ancestor', older, newer], { answers: [1] })).code === 0
  );
}

async function parentsOf({ mirror }: Worktree, commit: string): Promise<string[]> {
  return (await gitLine(mirror.place, ['log', '-1', '--format=%P', commit])).split(' ');
}

/** The dates of what is merged, so that the same merge made twice is the same commit. */
async function datesOf({ mirror }: Worktree, commit: string): Promise<Record<string, string>> {
  const date = await gitLine(mirror.place, ['log', '-1', '--format=%cI', commit]);
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
}
