/**
 * What the checks of a commit come to: the engine runs them itself, in a space that holds the commit and what set-up makes of it,
 * and keeps the evidence. Where the work changed or added what judges it, each check has to pass twice: as the work left it, and
 * with those files as they are in the base commit, so without the added ones.
 */
import { isOfWorkspace } from '../domain/command-line.ts';
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { PawlError } from '../domain/failures.ts';
import { clip, LIMITS, tail } from '../domain/limits.ts';
import type { AgentChoice, CheckDefinition, Command } from '../domain/task-spec.ts';
import type { Evidence } from '../domain/task-state.ts';
import type { Submodules } from '../domain/wanted-submodules.ts';
import {
  type CheckSpaceDeps,
  type FailedSetup,
  noFolder,
  notStarted,
  openCheckSpace,
} from './check-space.ts';
import type { ActivityDeps } from './deps.ts';
import { stepFailure } from './failure.ts';
import { maskFor } from './masking.ts';
import { ownerVariables } from './owner-variables.ts';
import type { Overlay } from './ports/check-spaces-port.ts';
import { baseOverlay, type Judged, type ProtectionDeps } from './protected-files.ts';
import { howItFailed } from './set-up.ts';

const CHECK_TIMEOUT_MS = 30 * 60_000;
/** Evidence of a set-up that failed has this name. */
export const SET_UP = 'set-up';

export type CommitCheckDeps = CheckSpaceDeps & ProtectionDeps & Pick<ActivityDeps, 'artifacts'>;

export interface CommitChecks extends Judged {
  /** What it was given by name is masked too. */
  readonly agent?: AgentChoice;
}

export async function checkCommit(
  deps: CommitCheckDeps,
  input: CommitChecks,
  signal: AbortSignal,
): Promise<Evidence[]> {
  const first = await runPass(deps, input, { checks: input.checks }, signal);
  const base = await baseOverlay(deps, input);
  // What fails as it is need not be run a second time.
  const checks = input.checks.filter((_, index) => first[index]?.passed === true);
  if (base === undefined || checks.length === 0) return first;
  const second = await runPass(deps, input, { checks, overlay: base.overlay }, signal);
  return [...first, ...second.map((one) => ({ ...one, restored: [...base.words] }))];
}

/** Why nothing that a check says would be about the commit alone. */
export async function problemOfCommit(
  deps: Pick<CommitCheckDeps, 'commits' | 'parseConfiguration'>,
  input: Pick<CommitChecks, 'owner' | 'baseCommit' | 'commit'>,
): Promise<string | undefined> {
  const { owner, baseCommit, commit } = input;
  const { commits } = deps;
  const links = await commits.linksOut(owner, baseCommit, commit);
  if (links.length > 0) return notOfTheCommit(links);
  const ofLfs = await commits.lfsProblem(owner, baseCommit, commit);
  if (ofLfs !== undefined) return clip(ofLfs, LIMITS.noteCharsMax);
  const wanted = await wantedSubmodules(deps, input);
  const lacking = await commits.submodules(owner, { base: baseCommit, commit, ...wanted });
  return lacking.length === 0 ? undefined : clip(lacking.join('; '), LIMITS.noteCharsMax);
}

/** As the base has them now. One that cannot be read changes nothing. */
async function wantedSubmodules(
  { commits, parseConfiguration }: Pick<CommitCheckDeps, 'commits' | 'parseConfiguration'>,
  { owner, baseCommit }: Pick<CommitChecks, 'owner' | 'baseCommit'>,
): Promise<{ readonly wanted?: Submodules }> {
  const text = await commits.fileAt(owner, baseCommit, CONFIGURATION_FILE);
  try {
    return { wanted: parseConfiguration(text ?? '').submodules ?? false };
  } catch (error) {
    if (error instanceof PawlError) return {};
    throw error;
  }
}

interface Pass {
  readonly checks: readonly CheckDefinition[];
  readonly overlay?: Overlay;
}

/** In a space that holds the commit, the overlay and what set-up made of them, whatever ran there before. */
async function runPass(
  deps: CommitCheckDeps,
  input: CommitChecks,
  { checks, overlay }: Pass,
  signal: AbortSignal,
): Promise<Evidence[]> {
  const checked = { ...input, ...(overlay === undefined ? {} : { overlay }) };
  const failed = await openCheckSpace(deps, checked, signal);
  if (failed !== undefined) {
    await expectBaseSetUp(deps, input, signal);
    return [await evidenceOf(deps, input, { name: SET_UP, ...failed })];
  }
  const evidence: Evidence[] = [];
  for (const check of checks) evidence.push(await runCheck(deps, input, check, signal));
  return evidence;
}

/** No attempt of an agent mends a set-up that fails on the base as well. */
async function expectBaseSetUp(
  deps: CommitCheckDeps,
  input: CommitChecks,
  signal: AbortSignal,
): Promise<void> {
  const failed = await openCheckSpace(deps, { ...input, commit: input.baseCommit }, signal);
  if (failed === undefined) return;
  const { command, result } = failed;
  throw stepFailure(
    'setup_failed',
    `set-up \`${command.join(' ')}\` for the checks ${howItFailed(result)}, on the base commit as well: mend what it needs, then retry`,
    { output: tail(result.output) },
  );
}

const notOfTheCommit = (links: readonly string[]): string =>
  `${links.slice(0, LIMITS.filesNamedMax).join(', ')}: a link leads out of the repository, so what a check says of it is not about the commit`;

async function runCheck(
  deps: CommitCheckDeps,
  input: CommitChecks,
  { name, run: command, timeoutSeconds }: CheckDefinition,
  signal: AbortSignal,
): Promise<Evidence> {
  const { programs, checkSpaces, marks } = deps;
  const { owner, baseCommit } = input;
  const timeoutMs = timeoutSeconds === undefined ? CHECK_TIMEOUT_MS : timeoutSeconds * 1_000;
  const cwd = await checkSpaces.startOf(owner);
  const missing = cwd === undefined ? noFolder(owner) : problemOf(deps, command, cwd);
  const result =
    cwd !== undefined && missing === undefined
      ? await programs.run(
          {
            command,
            cwd,
            mark: marks.ofStep(owner.id, 'check'),
            variables: ownerVariables(owner, baseCommit),
            timeoutMs,
            mask: maskFor(deps, input),
          },
          signal,
        )
      : notStarted(missing ?? '');
  signal.throwIfAborted();
  return evidenceOf(deps, input, { name, command, result });
}

async function evidenceOf(
  { artifacts, checkSpaces }: CommitCheckDeps,
  { owner, commit }: CommitChecks,
  { name, command, result }: { readonly name: string } & FailedSetup,
): Promise<Evidence> {
  const passed = result.exitCode === 0;
  const missing = passed || name === SET_UP ? [] : await checkSpaces.lacks(owner);
  return {
    name,
    command,
    commit,
    exitCode: result.exitCode,
    passed,
    durationMs: Math.round(result.durationMs),
    output: await artifacts.put(result.output),
    tail: tail(result.output),
    ...(missing.length === 0 ? {} : { notInCommit: missing.slice(0, LIMITS.filesNamedMax) }),
  };
}

/** What of a check is the agent's to bring, so that its absence is a failed check and no fault of the machine. */
const problemOf = ({ programs }: CommitCheckDeps, command: Command, cwd: string): string | undefined =>
  isOfWorkspace(command) ? programs.problem(command, cwd)?.message : undefined;

/** In place of a check that has not run. */
export const notRun = async (
  { artifacts }: Pick<ActivityDeps, 'artifacts'>,
  { commit, check, why }: { readonly commit: string; readonly check: CheckDefinition; readonly why: string },
): Promise<Evidence> => {
  const { exitCode, durationMs, output } = notStarted(why);
  const digest = await artifacts.put(output);
  const { name, run: command } = check;
  return {
    ...{ name, command, commit, exitCode, durationMs },
    passed: false,
    output: digest,
    tail: tail(output),
  };
};
