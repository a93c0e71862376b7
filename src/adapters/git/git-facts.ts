/**
 * How a repository stands in which somebody works: what is not committed, and what remotes are known to have, by the refs that the
 * last fetch or push has left. Read by the engine's own git, for which nothing that the repository names is a program.
 */
import type { GitFacts } from '../../domain/executions/guarantee-facts.ts';
import type { Repository } from '../repository/find-repository.ts';
import { disarmed } from './named-programs.ts';
import { contains, objectId } from './objects.ts';
import { type GitPlace, git, gitLine } from './run-git.ts';

const HEADS = 'refs/heads/';
const REMOTES = 'refs/remotes/';
/** What is told of more is that there are so many. */
const UNPUSHED_MAX = 1_000;

export async function gitFactsOf(repository: Repository, commit: string): Promise<GitFacts> {
  const { place } = repository;
  const branch = await branchIn(place);
  const [files, refs] = await Promise.all([notCommitted(repository), remoteRefs(place)]);
  const args = ['rev-list', '--count', `--max-count=${UNPUSHED_MAX}`, objectId(commit), '--not', '--remotes'];
  const unpushed = Number(await gitLine(place, args));
  const tracking: GitFacts['tracking'][number][] = [];
  for (const ref of branch === undefined ? [] : await tracked(place, branch, refs)) {
    const hasCommit = await contains(place, refs.get(ref) ?? '', commit);
    tracking.push({ ref: ref.slice(REMOTES.length), hasCommit });
  }
  return { branch, ...files, knowsRemote: refs.size > 0, unpushed, tracking };
}

/** undefined where a commit is checked out and no branch. */
async function branchIn(place: GitPlace): Promise<string | undefined> {
  const { exitCode, stdout } = await git(place, ['symbolic-ref', '-q', 'HEAD'], { accept: [1] });
  const ref = stdout.toString('utf8').trimEnd();
  return exitCode === 0 && ref.startsWith(HEADS) ? ref.slice(HEADS.length) : undefined;
}

async function notCommitted({ place, bare, commonDir }: Repository) {
  if (bare) return { uncommitted: [], untracked: [] };
  const args = ['status', '--porcelain', '-z', '--untracked-files=normal', '--ignore-submodules=all'];
  const { stdout } = await git(await disarmed(place, commonDir), [...args, '--no-renames']);
  const lines = stdout.toString('utf8').split('\0').filter(Boolean);
  const pathsOf = (all: readonly string[]) => all.map((line) => line.slice('XY '.length));
  const isUntracked = (line: string) => line.startsWith('??');
  return {
    uncommitted: pathsOf(lines.filter((line) => !isUntracked(line))),
    untracked: pathsOf(lines.filter(isUntracked)),
  };
}

/** Remote-tracking branches, each with its commit; not the one that only names another. */
async function remoteRefs(place: GitPlace): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(objectname) %(objecttype) %(symref)%00%(refname)';
  const lines = (await gitLine(place, ['for-each-ref', format, REMOTES])).split('\n').filter(Boolean);
  const refs = lines.map((line) => {
    const [object = '', ref = ''] = line.split('\0');
    const [oid = '', type, symref] = object.split(' ');
    return { oid, ref, isBranch: type === 'commit' && !symref };
  });
  return new Map(refs.filter(({ isBranch }) => isBranch).map(({ ref, oid }) => [ref, oid]));
}

/** Where a push of the branch would go, and what has its name on any remote. */
async function tracked(
  place: GitPlace,
  branch: string,
  refs: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const push = await gitLine(place, ['for-each-ref', '--format=%(push)', `${HEADS}${branch}`]);
  const remotes = (await gitLine(place, ['remote'])).split('\n').filter(Boolean);
  const named = remotes.map((remote) => `${REMOTES}${remote}/${branch}`);
  return [...new Set([...push.split('\n'), ...named])].filter((ref) => refs.has(ref));
}
