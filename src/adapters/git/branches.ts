/** Branches of a repository, as git says where they are. */
import { ENGINE_EMAIL, type GitPlace, git } from './run-git.ts';

export interface Branch {
  readonly commit: string;
  /** Whether it is checked out somewhere. Where, only `repository/branch-use.ts` knows in every layout. */
  readonly checkedOut: boolean;
  readonly committerEmail: string;
  /** The task a commit of the engine's belongs to. */
  readonly task?: string;
  /** The ref that it stands for, where it is no branch of its own. */
  readonly symref?: string;
}

/** Whether the engine has put it there for the task, and nobody anything on top. */
export const isBranchOfTask = ({ committerEmail, task }: Branch, id: string): boolean =>
  committerEmail === ENGINE_EMAIL && task === id;

/** Whether the branch holds commits that the engine has made for the task, which are not in `base`, with anything on top. */
export async function standsOnWork(
  place: GitPlace,
  { commit }: Branch,
  id: string,
  base: string,
): Promise<boolean> {
  const made = ['--fixed-strings', `--committer=<${ENGINE_EMAIL}>`, '--all-match', `--grep=Pawl-Task: ${id}`];
  const format = '--format=%(trailers:key=Pawl-Task,valueonly)';
  const { stdout } = await git(place, ['log', ...made, format, commit, '--not', base]);
  return stdout.toString('utf8').split('\n').includes(id);
}

const FIELDS = [
  'refname',
  'objectname',
  'worktreepath',
  'committeremail',
  'symref',
  'trailers:key=Pawl-Task,valueonly,separator=%2C',
];

/** Reads whole refs (`refs/heads/main`) with all that is below them, as if they were folders, in one process. */
export async function askBelow(
  place: GitPlace,
  refs: readonly string[],
): Promise<ReadonlyMap<string, Branch>> {
  const format = `${FIELDS.map((field) => `%(${field})`).join('%00')}%00`;
  const { stdout } = await git(place, ['for-each-ref', `--format=${format}`, ...refs]);
  const fields = stdout.toString('utf8').split('\0');
  const found = new Map<string, Branch>();
  for (let at = 0; at + FIELDS.length < fields.length; at += FIELDS.length) {
    const [ref = '', commit = '', checkedOutAt, committerEmail = '', symref, task] = fields.slice(at);
    found.set(ref.trimStart(), {
      commit,
      committerEmail: committerEmail.replace(/^<|>$/g, ''),
      checkedOut: checkedOutAt !== undefined && checkedOutAt !== '',
      ...(symref ? { symref } : {}),
      ...(task ? { task } : {}),
    });
  }
  return found;
}
