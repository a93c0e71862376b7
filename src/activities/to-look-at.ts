/** What a person who approves is told of besides the diff: files that decide what checks say, and what no diff shows. */
import { LIMITS } from '../domain/limits.ts';
import { takenElsewhere } from '../domain/local-dependencies.ts';
import type { Remark } from '../domain/remarks.ts';
import { nameOf } from '../domain/runs-through/lookup.ts';
import { isInPackages, isStandIn } from '../domain/stand-ins.ts';
import type { PublishInput } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import type { Diff } from './ports/workspaces-port.ts';
import { runsThrough } from './runs-through.ts';

type LookingDeps = Pick<ActivityDeps, 'workspaces' | 'matching' | 'flaggedGlobs'>;

export async function toLookAt(
  deps: LookingDeps,
  input: PublishInput,
  { files, remarks }: Pick<Diff, 'files' | 'remarks'>,
): Promise<{ readonly flagged: string[]; readonly remarks: Remark[] }> {
  const changed = files.map(({ path }) => path);
  const flagged = await flaggedIn(deps, input, changed);
  const dependencies = await dependenciesIn(deps, input, changed);
  return {
    flagged: flagged.slice(0, LIMITS.filesNamedMax),
    remarks: [...dependencies, ...remarks].slice(0, LIMITS.filesNamedMax),
  };
}

/** First what its checks run through: a file that nobody would look for among many tests. */
async function flaggedIn(
  deps: LookingDeps,
  { task, baseCommit, evidence }: PublishInput,
  changed: readonly string[],
): Promise<string[]> {
  const commands = evidence.map(({ command }) => command);
  const reads = { ...deps, commits: deps.workspaces };
  const through = await runsThrough(reads, { owner: task, baseCommit, commands, changed });
  const first = changed.filter(
    (path) => through.protected.has(path) || through.shown.has(path) || isStandIn(path, task.dir ?? ''),
  );
  const globs = deps.matching(changed, deps.flaggedGlobs);
  return [...new Set([...first, ...globs, ...changed.filter(isInPackages)])];
}

async function dependenciesIn(
  { workspaces }: LookingDeps,
  { task, baseCommit, commit }: PublishInput,
  changed: readonly string[],
): Promise<Remark[]> {
  const paths = changed.filter((path) => nameOf(path) === 'package.json' && !isInPackages(path));
  if (paths.length === 0) return [];
  const base = await workspaces.textsAt(task, baseCommit, paths);
  const now = await workspaces.textsAt(task, commit, paths);
  return paths.flatMap((path) => takenElsewhere(path, now.get(path) ?? '', base.get(path)));
}
