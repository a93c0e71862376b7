/** Objects of git's: reading them, making commits, and bringing them from one repository into another. */
import { PawlError } from '../../domain/failures.ts';
import { type GitObject, readObjects } from './read-objects.ts';
import { GitError, type GitPlace, git, gitLine, gitPipe } from './run-git.ts';

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly committerEmail: string;
  /** Seconds since 1970, of the committer. */
  readonly time: number;
  readonly message: string;
}

const OBJECT_ID = /^[0-9a-f]{40}$/;
/** In the place of an object where there is none. */
export const NO_OBJECT = '0'.repeat(40);

const OWN_REF = /^refs\/pawl\/[\w./%-]+$/;

/** A commit or tree by its whole id: nothing else is handed to git as one. @throws PawlError `invalid_input` */
export function objectId(text: string): string {
  if (OBJECT_ID.test(text)) return text;
  throw new PawlError('invalid_input', `expected a commit as 40 hex digits, got ${JSON.stringify(text)}`);
}

/** Reads commits by name; undefined for what is not there or is none. */
export async function readCommits(
  place: GitPlace,
  names: readonly string[],
): Promise<readonly (Commit | undefined)[]> {
  return (await readObjects(place, names)).map((object) =>
    object?.type === 'commit' ? parseCommit(object) : undefined,
  );
}

function parseCommit({ oid, content }: GitObject): Commit {
  const text = content.toString('utf8');
  const split = text.indexOf('\n\n');
  const headers = (split < 0 ? text : text.slice(0, split)).split('\n');
  const valuesOf = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const committer = valuesOf('committer')[0] ?? '';
  return {
    oid,
    tree: valuesOf('tree')[0] ?? '',
    parents: valuesOf('parent'),
    committerEmail: /<([^<>]*)>/.exec(committer)?.[1] ?? '',
    time: Number(/ (\d+) [+-]\d{4}$/.exec(committer)?.[1] ?? 0),
    message: split < 0 ? '' : text.slice(split + 2),
  };
}

/** Whether `commit` is `tip` or one that it stands on; false where the repository has never seen it. */
export async function contains(place: GitPlace, tip: string, commit: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', objectId(commit), objectId(tip)];
  return (await git(place, args, { accept: [1, 128] })).exitCode === 0;
}

/** What the engine says about a commit, in its last paragraph. */
export interface Trailers {
  readonly 'Pawl-Task': string;
  readonly 'Pawl-Effect'?: string;
  /** The commit whose work this one carries over to a base that was rewritten. */
  readonly 'Pawl-Carries'?: string;
}

export function trailerOf(commit: Commit, name: keyof Trailers): string | undefined {
  const last = commit.message.trimEnd().split('\n\n').at(-1) ?? '';
  const line = last.split('\n').find((one) => one.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly trailers: Trailers;
  /** Seconds since 1970: the same commit made again is the same object. */
  readonly time: number;
}

/** Writes a commit that nothing points to yet; answers its id. */
export async function writeCommit(place: GitPlace, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const trailers = Object.entries(commit.trailers).map(
    ([name, value]) => `${name}: ${oneLine(String(value))}`,
  );
  const date = `@${commit.time} +0000`;
  const dated = { ...place, env: { ...place.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } };
  return gitLine(dated, ['commit-tree', commit.tree, ...parents, '-F', '-'], {
    // Git refuses a commit with NUL in its message.
    input: `${commit.message.replaceAll('\0', '').trim()}\n\n${trailers.join('\n')}\n`,
  });
}

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

/**
 * Brings a commit and all it stands on into another repository, except for what is reachable from `known` (commits
 * that both have). No transport of git's is involved: neither side's remotes, URLs or helpers are looked at. Running
 * it twice changes nothing; killed, it leaves objects that nothing points to.
 * @param known commits, or refs of the sender under `refs/pawl`; one that is not there only makes more travel
 * @param also further objects, such as tags
 * @throws PawlError `precondition` when what is not trusted holds what is forbidden
 */
export async function bringObjects(
  transfer: Transfer,
  commit: string,
  known: readonly string[],
  also: readonly string[] = [],
): Promise<void> {
  if (known.length > 0) {
    try {
      return await bringBeyond(transfer, commit, known, also);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      // One of both has lost what it once had, by a rewind and a clean-up: then everything is sent.
    }
  }
  return bringBeyond(transfer, commit, [], also);
}

export interface Transfer {
  readonly from: GitPlace;
  readonly to: GitPlace;
  /** Whether the sender may have made objects by hand: trees with names such as `.git`, or with parts missing. */
  readonly distrusted: boolean;
}

/** The same where `known` is known for sure: what the sender lacks is an error. @throws GitError too */
export async function bringBeyond(
  { from, to, distrusted }: Transfer,
  commit: string,
  known: readonly string[],
  also: readonly string[] = [],
): Promise<void> {
  const pack = ['pack-objects', '--revs', '--stdout', '--thin', '--delta-base-offset', '-q'];
  const wanted = [
    ...[commit, ...also].map(objectId),
    ...known.map((one) => `^${OWN_REF.test(one) ? one : objectId(one)}`),
  ];
  // A whole history is kept as one pack; a few new objects would each time be one more pack to search.
  const unpack =
    known.length === 0 && !distrusted
      ? ['index-pack', '--stdin', '--fix-thin']
      : ['unpack-objects', '-q', ...(distrusted ? ['--strict'] : [])];
  try {
    const input = `${wanted.join('\n')}\n`;
    await gitPipe({ place: from, args: pack, input }, { place: to, args: unpack });
  } catch (error) {
    if (!(error instanceof GitError) || !error.stderr.includes('fsck error')) throw error;
    const why = /^error: (?:object )?(.*)$/m.exec(error.stderr)?.[1] ?? error.message;
    throw new PawlError(
      'precondition',
      `commit ${commit} holds what git lets nobody have (${why}): take that out and run the task again`,
      { cause: error },
    );
  }
}
