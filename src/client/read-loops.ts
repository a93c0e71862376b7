/** The operations on loops: they read definitions and decide nothing. */
import { PawlError } from '../domain/failures.ts';
import type { LoopRow } from '../domain/loop-operations.ts';
import type { LoopDefinition } from '../domain/loops/definition.ts';
import { type FoundLoop, refusalOfFaults } from '../domain/loops/found-loop.ts';
import { planOf } from '../domain/loops/plan-of.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { RepositoryConfig } from '../domain/repository-config.ts';
import type { Caller } from '../domain/scopes.ts';
import type { CheckDefinition } from '../domain/task-spec.ts';
import { needVouched, type RunPermissionDeps } from './run-permission.ts';
import type { RunSpecDeps } from './run-spec.ts';

/** A commit of a repository, and what its `pawl.yaml` says. */
export interface LoopBase {
  readonly repository: string;
  /** Without one the working tree, as it stands. */
  readonly commit?: string;
  readonly configuration: RepositoryConfig;
}

/** What can be asked about the loops of one place. */
export interface LoopsThere {
  /** By id. */
  all(): Promise<readonly FoundLoop[]>;
  /** The SKILL.md of a guide, as it stands now. */
  guideText(name: string): Promise<Uint8Array | undefined>;
  /** A text that is in no file there yet. */
  check(file: string, text: string): Promise<Pick<FoundLoop, 'id' | 'read'>>;
}

export interface LoopDeps extends Pick<RunSpecDeps, 'findRepository' | 'configurationOf'> {
  /** @param base without one: those of the home and those that Pawl brings */
  readonly loopsAt: (base: LoopBase | undefined) => LoopsThere;
  /** What `pawl.yaml` says in a working tree. @throws PawlError `precondition` for a repository without one */
  readonly uncommittedConfigurationOf: (repository: string) => Promise<RepositoryConfig>;
}

type Deps = LoopDeps & RunPermissionDeps;
type Where = Pick<InputOf<'loops'>, 'repository' | 'base'>;

/** @throws PawlError `forbidden`, or `precondition` for a repository or base that cannot be used */
async function loopsIn(
  deps: Deps,
  caller: Caller,
  { repository, base }: Where,
): Promise<{
  readonly loops: LoopsThere;
  readonly configuration?: RepositoryConfig;
  /** Where what is checked out is meant: as it stands there. */
  readonly tree?: Omit<LoopBase, 'commit'>;
}> {
  if (repository === undefined) {
    if (base === undefined) return { loops: deps.loopsAt(undefined) };
    throw new PawlError('invalid_input', 'base: expected a repository as well, of which it is a branch');
  }
  const found = await deps.findRepository(repository, base);
  await needVouched(deps, caller, found);
  const commit = found.baseCommit;
  const configuration = await deps.configurationOf(found.repository, commit);
  const tree = { repository: found.repository, configuration };
  const loops = deps.loopsAt({ ...tree, commit });
  return { loops, configuration, ...(base === undefined && { tree }) };
}

/** @throws PawlError as `loopsIn`; `invalid_input` for a base, which is no working tree */
async function loopsInTree(deps: Deps, caller: Caller, { repository, base }: Where) {
  if (repository === undefined || base !== undefined)
    throw new PawlError(
      'invalid_input',
      'uncommitted: expected a repository and no base, whose tip is a commit',
    );
  const found = await deps.findRepository(repository, undefined);
  await needVouched(deps, caller, found);
  const configuration = await deps.uncommittedConfigurationOf(found.repository);
  return { loops: deps.loopsAt({ repository: found.repository, configuration }) };
}

export async function listLoops(
  deps: Deps,
  caller: Caller,
  where: InputOf<'loops'>,
): Promise<OutputOf<'loops'>> {
  const { loops } = await loopsIn(deps, caller, where);
  return { loops: (await loops.all()).map(rowOf) };
}

function rowOf({ id, source, file, shadows, read }: FoundLoop): LoopRow {
  const common = { loop: id, source, file, shadows: [...shadows] };
  if (!read.ok) return { ...common, faults: [...read.faults] };
  const { title, description } = read.loop;
  return {
    ...common,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    digest: read.digest,
    faults: [],
  };
}

/** @throws PawlError `not_found` naming those that there are, `invalid_input` with every fault of the one that was found */
export async function showLoop(
  deps: Deps,
  caller: Caller,
  { loop: id, ...where }: InputOf<'loop'>,
): Promise<OutputOf<'loop'>> {
  const { loops, configuration, tree } = await loopsIn(deps, caller, where);
  const all = await loops.all();
  const found = all.find((one) => one.id === id);
  const there = tree === undefined ? undefined : await uncommittedLoop(deps, id, tree);
  if (found === undefined) throw loopNotFound(id, all, where, there?.file);
  const { source, file, shadows, read } = found;
  if (!read.ok) throw refusalOfFaults(read.faults);
  const { digest, guides, includes, loop } = read;
  const isOther = there !== undefined && !(there.read.ok && there.read.digest === digest);
  const checks = checksOf(loop, configuration);
  return {
    ...{ source, file, digest, checks, plan: planOf(loop) },
    ...(isOther && { uncommitted: there.file }),
    ...{ shadows: [...shadows], includes: [...includes], guides: [...guides] },
  };
}

/** What `all` checks are in a loop: its own and those of the repository; a name that both have is the same check (`place-faults.ts`). */
export const checksOf = (
  { checks: own }: Pick<LoopDefinition, 'checks'>,
  { checks }: Pick<RepositoryConfig, 'checks'> = { checks: [] },
): CheckDefinition[] => [...own, ...checks.filter((one) => own.every(({ name }) => name !== one.name))];

/** The loop of the repository as it stands in the working tree; undefined where none is there. */
export async function uncommittedLoop(
  { loopsAt }: LoopDeps,
  id: string,
  base: Omit<LoopBase, 'commit'>,
): Promise<FoundLoop | undefined> {
  const there = await loopsAt(base).all();
  return there.find((one) => one.id === id && one.source === 'repository');
}

/** @param uncommitted a file that is the loop, and in no commit yet */
export function loopNotFound(
  id: string,
  all: readonly FoundLoop[],
  { repository }: Pick<Where, 'repository'>,
  uncommitted?: string,
): PawlError {
  if (uncommitted !== undefined)
    return new PawlError(
      'not_found',
      `there is no loop ${id} in the base commit, and ${uncommitted} is one in the working tree: commit it, because loops are read from the base branch`,
    );
  const names = all.map((one) => one.id).slice(0, NAMES_SHOWN_MAX);
  const where = repository === undefined ? '; those of a repository are found where it is named' : '';
  return new PawlError('not_found', `there is no loop ${id}: expected one of ${names.join(', ')}${where}`);
}

const NAMES_SHOWN_MAX = 20;

export async function checkLoop(
  deps: Deps,
  caller: Caller,
  { text, file, uncommitted, ...where }: InputOf<'checkLoop'>,
): Promise<OutputOf<'checkLoop'>> {
  const { loops } = await (uncommitted === true ? loopsInTree : loopsIn)(deps, caller, where);
  const { id, read } = await loops.check(file, text);
  return read.ok
    ? { valid: true, loop: id, digest: read.digest, faults: [] }
    : { valid: false, loop: id, faults: [...read.faults] };
}
