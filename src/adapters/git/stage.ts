/**
 * Everything that is not ignored in a worktree, as an index. Git would take a repository that an agent made inside the
 * worktree (`npx create-…` does) as a bare reference to nowhere, or refuse it when it is empty: here its files count.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PawlError } from '../../domain/failures.ts';
import { writeWhole } from '../files/atomic-file.ts';
import { kindOf } from '../files/without-links.ts';
import { finalAnswer } from './final-answers.ts';
import { isKeptAsModule } from './gitlinks.ts';
import { joinRules, readRules } from './ignore-rules.ts';
import { inMomentaryRepository } from './momentary-repository.ts';
import { NO_OBJECT } from './objects.ts';
import { asLines, linesIn, textOf } from './path-bytes.ts';
import { GITLINK, rawChanges } from './raw-changes.ts';
import { GitError, type GitPlace, git, gitLine } from './run-git.ts';
import type { Space } from './space.ts';
import { stageGitlinks } from './staged-gitlinks.ts';

const NESTING_MAX = 8;
const EXCLUDES = 'core.excludesFile';

/** Names that no commit can hold, such as `.GIT`: they are left out, since no clone could have them. */
const NOT_FOR_GIT = /^error: (?:(?:invalid path|unable to add) '|'.*' does not have a commit checked out)/;

/**
 * Stages all of the worktree; answers the tree.
 * @param parent commit whose submodules stay what they are
 * @param tolerant whether a file that cannot be read, or goes away meanwhile, is left out instead of an error, and one that
 * git cannot convert as its attributes say is taken as it is
 */
export async function stageAll(
  space: Space,
  place: GitPlace,
  parent: string,
  tolerant: boolean,
): Promise<string> {
  const work = { space, parent, depthLeft: NESTING_MAX };
  try {
    await stage(place, { ...work, tolerant });
  } catch (error) {
    if (!tolerant || !(error instanceof PawlError)) throw error;
    await stageAsItIs(place, { ...work, tolerant });
  }
  return gitLine(place, ['write-tree']);
}

/** Attributes win that convert nothing. */
const AS_IT_IS = '* -text !eol !working-tree-encoding !ident !filter\n';

async function stageAsItIs(place: GitPlace, work: Work): Promise<void> {
  const { GIT_DIR: of = '', GIT_INDEX_FILE: index = '' } = place.env ?? {};
  const momentary = { of, scratch: dirname(index), attributes: AS_IT_IS };
  await inMomentaryRepository(momentary, ({ env }) =>
    stage({ ...place, env: { ...env, ...place.env, GIT_DIR: env?.GIT_DIR ?? of } }, work),
  );
  await forgetStat(place);
}

/** Makes git read every file again that it next stages: by its stat alone it would take one for what it was converted to. */
async function forgetStat(place: GitPlace): Promise<void> {
  const { stdout } = await git(place, ['ls-files', '--stage', '-z']);
  await git(place, ['update-index', '-z', '--index-info'], { input: stdout });
}

/** Paths, as latin1, that rules of ignoring name, tracked or not. */
export async function ignoredOf(place: GitPlace, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  // This command takes no literal paths, and one that begins with a colon would be more than a path.
  const asked = { ...place, env: { ...place.env, GIT_LITERAL_PATHSPECS: undefined } };
  const input = asLines(paths.map((path) => `./${path}`));
  const args = ['check-ignore', '--no-index', '-z', '--stdin'];
  const { stdout } = await git(asked, args, { input, accept: [1] });
  return new Set(linesIn(stdout).map((path) => path.slice('./'.length)));
}

interface Work {
  /** Undefined in a nested repository. */
  readonly space?: Space;
  readonly parent: string;
  readonly tolerant: boolean;
  readonly depthLeft: number;
}

async function stage(place: GitPlace, work: Work): Promise<void> {
  const { submodules, others } = await stageGitlinks(place, work.space, work.parent);
  await takeFiles(place, others, work);
  const { args, exitCode, stderr } = await addBut(place, submodules);
  // Whatever is unusual is said there, nested repositories among it.
  if (exitCode === 0 && stderr === '') return;
  // All else it only remarks on, such as attributes that it cannot use.
  const problem = stderr
    .split('\n')
    .find((line) => /^(?:error|fatal): /.test(line) && !NOT_FOR_GIT.test(line));
  if (problem !== undefined && !work.tolerant)
    throw finalAnswer(problem, place.cwd) ?? new GitError(args, 'could not take everything', problem);
  const nested = await nestedRepositories(place, work.parent);
  await takeFiles(
    place,
    nested.filter((path) => !submodules.includes(path)),
    work,
  );
}

/** Folders with a repository count by their files, not as what they are to git. */
async function takeFiles(place: GitPlace, folders: readonly string[], work: Work): Promise<void> {
  for (const path of folders) {
    const files = work.depthLeft > 0 ? await filesIn(place, path, work) : [];
    const entries = [`0 ${NO_OBJECT}\t${path}`, ...files];
    await git(place, ['update-index', '-z', '--add', '--index-info'], { input: asLines(entries) });
  }
}

/** Adds all but the folders of submodules. */
async function addBut(place: GitPlace, submodules: readonly string[]) {
  const args = ['add', '--all', '--ignore-errors'];
  if (submodules.length === 0) return { args, ...(await git(place, args, { accept: [1] })) };
  const asked = { ...place, env: { ...place.env, GIT_LITERAL_PATHSPECS: undefined } };
  const input = asLines([':(top)', ...submodules.map((path) => `:(top,exclude,literal)${path}`)]);
  args.push('--pathspec-from-file=-', '--pathspec-file-nul');
  return { args, ...(await git(asked, args, { accept: [1], input })) };
}

/** Paths, as latin1 so that any bytes survive, of folders with a repository of their own in them. */
async function nestedRepositories(place: GitPlace, parent: string): Promise<readonly string[]> {
  const [changed, untracked] = await Promise.all([
    git(place, ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--ignore-submodules=none', parent]),
    git(place, ['ls-files', '--others', '--exclude-standard', '--directory', '-z']),
  ]);
  const references = rawChanges(linesIn(changed.stdout))
    .filter(({ before, after }) => before.mode !== GITLINK && after.mode === GITLINK)
    .map(({ path }) => path);
  const folders = linesIn(untracked.stdout);
  const refused = folders.filter((one) => one.endsWith('/')).map((one) => one.slice(0, -1));
  const found: string[] = [];
  for (const path of new Set([...references, ...refused])) {
    const dotGit = join(place.cwd, textOf(path), '.git');
    if ((await kindOf(dotGit)) !== undefined && !(await isKeptAsModule(dotGit))) found.push(path);
  }
  return found;
}

/** Index entries of a nested folder's files, by their paths from the top. */
async function filesIn(
  place: GitPlace,
  path: string,
  { tolerant, depthLeft }: Work,
): Promise<readonly string[]> {
  const folder = join(place.cwd, textOf(path));
  const index = `${place.env?.GIT_INDEX_FILE}-${randomUUID()}`;
  const ignoreRules = `${index}-ignore-rules`;
  const nested: GitPlace = {
    cwd: folder,
    env: { ...place.env, GIT_WORK_TREE: folder, GIT_INDEX_FILE: index },
    config: [...(place.config ?? []), [EXCLUDES, ignoreRules]],
  };
  try {
    // What the repository around it ignores is ignored in it too.
    const around = place.config?.findLast(([name]) => name === EXCLUDES)?.[1];
    const files = [...(around === undefined ? [] : [around]), join(place.cwd, '.gitignore')];
    await writeWhole(ignoreRules, joinRules(await Promise.all(files.map(readRules))));
    const empty = await gitLine(nested, ['mktree'], { input: '' });
    await stage(nested, { parent: empty, tolerant, depthLeft: depthLeft - 1 });
    const { stdout } = await git(nested, ['ls-files', '--stage', '-z']);
    // `<mode> <object> <stage>`, a tab, the path: only the first tab separates.
    return linesIn(stdout).map((entry) => entry.replace('\t', () => `\t${path}/`));
  } finally {
    await Promise.all([rm(index, { force: true }), rm(ignoreRules, { force: true })]);
  }
}
