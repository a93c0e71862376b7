/** The programs of a look: the checks that are asked for, and the commands of guarantees. */
import { TESTS } from '../domain/check-definitions.ts';
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { copiedPathsOf } from '../domain/copied-paths.ts';
import type { RunFact } from '../domain/executions/guarantee-facts.ts';
import type { LookInput } from '../domain/executions/look-step.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import type { Guarantee } from '../domain/loops/guarantees.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import type { CheckDefinition } from '../domain/task-spec.ts';
import type { Evidence } from '../domain/task-state.ts';
import {
  type CommitCheckDeps,
  type CommitChecks,
  checkCommit,
  notRun,
  problemOfCommit,
  SET_UP,
} from './check-commit.ts';
import type { ActivityDeps } from './deps.ts';

export interface LookedAt {
  readonly owner: OwnerRef;
  readonly commit: string;
  readonly input: LookInput;
}

export interface Runs {
  /** Of the checks. */
  readonly evidence: readonly Evidence[];
  /** By the id of the guarantee. */
  readonly runs: ReadonlyMap<string, RunFact>;
  /** By the id of the guarantee, the digest of what its command printed last. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** What is run at once, on the same files. */
interface Group {
  readonly guarantees: readonly Guarantee[];
  readonly protect: readonly string[];
}

/** Set-up first, as the base commit has it. Where nothing is asked for, nothing runs and no space is made. */
export async function runAsked(
  deps: Omit<CommitCheckDeps, 'commits'> & Pick<ActivityDeps, 'projects'>,
  { owner, commit, input }: LookedAt,
  signal: AbortSignal,
): Promise<Runs> {
  const { baseCommit, checks, guarantees } = input;
  const asked = guarantees.filter((one) => commandOf(one) !== undefined);
  if (checks.length + asked.length === 0) return { evidence: [], runs: new Map(), outputs: new Map() };
  const withCommits = { ...deps, commits: deps.projects };
  const text = await deps.projects.fileAt(owner, baseCommit, CONFIGURATION_FILE);
  const { setup = null, protect, copy } = deps.parseConfiguration(text ?? '');
  const common = { owner, baseCommit, commit, setup };
  const problem = await problemOfCommit(withCommits, common);
  if (problem !== undefined) {
    const evidence = await Promise.all(checks.map((check) => notRun(deps, { commit, check, why: problem })));
    return { evidence, runs: new Map(asked.map(({ id }) => [id, { problem }])), outputs: new Map() };
  }
  await deps.projects.copy(owner, baseCommit, copiedPathsOf(copy));
  const evidence =
    checks.length === 0 ? [] : await checkCommit(withCommits, { ...common, checks, protect }, signal);
  const runs = new Map<string, RunFact>();
  for (const group of groupsOf(asked, protect))
    for (const [id, fact] of await runGroup(withCommits, common, group, signal)) runs.set(id, fact);
  return { evidence, runs, outputs: outputsOf(runs) };
}

/**
 * What says whether tests pass is judged as a check is. What is measured is the work with its own tests, by the base's means: a
 * coverage without the tests that the work has added would say nothing of it. That something has run is said by running it.
 */
function groupsOf(asked: readonly Guarantee[], protect: readonly string[]): readonly Group[] {
  const isTest = (one: Guarantee) => one.kind === 'proof' && one.proof === 'test_passed';
  const isMeasure = ({ kind }: Guarantee) => kind === 'quality';
  const groups: readonly Group[] = [
    { guarantees: asked.filter(isTest), protect },
    { guarantees: asked.filter(isMeasure), protect: [...protect, ...TESTS.map((glob) => `!${glob}`)] },
    { guarantees: asked.filter((one) => !isTest(one) && !isMeasure(one)), protect: [] },
  ];
  return groups.filter((group) => group.guarantees.length > 0);
}

async function runGroup(
  deps: CommitCheckDeps,
  common: Pick<CommitChecks, 'owner' | 'baseCommit' | 'commit' | 'setup'>,
  { guarantees, protect }: Group,
  signal: AbortSignal,
): Promise<readonly (readonly [id: string, fact: RunFact])[]> {
  const checks = guarantees.flatMap((one): readonly CheckDefinition[] => {
    const run = commandOf(one);
    return run === undefined ? [] : [{ name: `${PREFIX}${one.id}`, run: [...run] }];
  });
  const evidence = await checkCommit(deps, { ...common, checks, protect }, signal);
  const failedSetup = evidence.find(({ name }) => name === SET_UP);
  return guarantees.map(({ id }) => {
    const passes = evidence.filter(({ name }) => name === `${PREFIX}${id}`);
    if (failedSetup !== undefined && passes.every(({ passed }) => passed))
      return [id, { problem: setUpFailed(failedSetup) }];
    return [id, { passes }];
  });
}

/** So that no guarantee is taken for a set-up. */
const PREFIX = 'guarantee ';

const commandOf = (guarantee: Guarantee) => ('run' in guarantee ? guarantee.run : undefined);

function setUpFailed({ command, exitCode, tail, restored }: Evidence): string {
  const how = exitCode === null ? 'did not end in time' : `exited with ${exitCode}`;
  const where = restored === undefined ? '' : ' with the files of the base commit that judge the work';
  return clip(
    `set-up \`${command.join(' ')}\` ${how}${where}: ${tail.trim()}`,
    LIMITS.guaranteeErrorCharsMax,
  );
}

const outputsOf = (runs: ReadonlyMap<string, RunFact>): ReadonlyMap<string, string> =>
  new Map(
    [...runs].flatMap(([id, fact]) => {
      const last = 'passes' in fact ? fact.passes.at(-1) : undefined;
      return last === undefined ? [] : [[id, last.output] as const];
    }),
  );
