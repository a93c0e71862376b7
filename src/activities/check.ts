/**
 * The step that checks a commit: the engine runs the checks of the base commit itself, in a space that holds the commit and
 * what set-up makes of it, and keeps the evidence. Where the agent changed or added what judges a change, each check has to pass
 * twice: as the agent left it, and with those files as they are in the base commit, so without the added ones.
 */

import { isOfWorkspace } from '../domain/command-line.ts';
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { PawlError } from '../domain/failures.ts';
import { clip, LIMITS, tail } from '../domain/limits.ts';
import type { CheckInput, CheckReport } from '../domain/steps.ts';
import type { CheckDefinition, Command } from '../domain/task-spec.ts';
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
import type { Overlay } from './ports/check-spaces-port.ts';
import { baseOverlay, type ProtectionDeps } from './protected-files.ts';
import type { Running } from './running.ts';
import { howItFailed } from './set-up.ts';
import { taskVariables } from './task-variables.ts';

const CHECK_TIMEOUT_MS = 30 * 60_000;
/** Evidence of a set-up that failed has this name. */
const SET_UP = 'set-up';

export type CheckDeps = CheckSpaceDeps & ProtectionDeps & Pick<ActivityDeps, 'artifacts'>;

export async function runChecks(
  deps: CheckDeps,
  input: CheckInput,
  { signal }: Pick<Running, 'signal'>,
): Promise<CheckReport> {
  const { task, commit } = input;
  const problem = await problemOfCommit(deps, input);
  if (problem !== undefined) return { commit, evidence: [], problem };
  // The next attempt goes on from what was checked, whatever a program of the last one has written since.
  await deps.workspaces.restore(task, commit);
  const first = await runPass(deps, input, { checks: input.checks }, signal);
  const base = await baseOverlay(deps, input);
  // What fails as it is need not be run a second time.
  const checks = input.checks.filter((_, index) => first[index]?.passed === true);
  if (base === undefined || checks.length === 0) return { commit, evidence: first };
  const second = await runPass(deps, input, { checks, overlay: base.overlay }, signal);
  const evidence = [...first, ...second.map((one) => ({ ...one, restored: [...base.words] }))];
  return { commit, evidence };
}

/** Why nothing that a check says would be about the commit alone. */
async function problemOfCommit(deps: CheckDeps, input: CheckInput): Promise<string | undefined> {
  const { task, baseCommit, commit } = input;
  const { workspaces } = deps;
  const links = await workspaces.linksOut(task, baseCommit, commit);
  if (links.length > 0) return notOfTheCommit(links);
  const contents = await workspaces.lfsContents(task, baseCommit, commit);
  if (contents.length > 0) return notPointers(contents);
  const wanted = await wantedSubmodules(deps, input);
  const lacking = await workspaces.submodules(task, { base: baseCommit, commit, ...wanted });
  return lacking.length === 0 ? undefined : clip(lacking.join('; '), LIMITS.noteCharsMax);
}

/** As the base has them now. One that cannot be read changes nothing. */
async function wantedSubmodules(
  { workspaces, parseConfiguration }: CheckDeps,
  { task, baseCommit }: CheckInput,
): Promise<{ readonly wanted?: Submodules }> {
  const text = await workspaces.fileAt(task, baseCommit, CONFIGURATION_FILE);
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
  deps: CheckDeps,
  input: CheckInput,
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
async function expectBaseSetUp(deps: CheckDeps, input: CheckInput, signal: AbortSignal): Promise<void> {
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

const notPointers = (paths: readonly string[]): string =>
  `${paths.slice(0, LIMITS.filesNamedMax).join(', ')}: kept by Git LFS, as .gitattributes says, and Pawl puts nothing there: put it back as it is in the base; with git-lfs installed, a person can commit it on the task's branch`;

async function runCheck(
  deps: CheckDeps,
  input: CheckInput,
  { name, run: command, timeoutSeconds }: CheckDefinition,
  signal: AbortSignal,
): Promise<Evidence> {
  const { programs, checkSpaces, marks } = deps;
  const { task, baseCommit } = input;
  const timeoutMs = timeoutSeconds === undefined ? CHECK_TIMEOUT_MS : timeoutSeconds * 1_000;
  const cwd = await checkSpaces.startOf(task);
  const missing = cwd === undefined ? noFolder(task) : problemOf(deps, command, cwd);
  const result =
    cwd !== undefined && missing === undefined
      ? await programs.run(
          {
            command,
            cwd,
            mark: marks.ofStep(task.id, 'check'),
            variables: taskVariables(task, baseCommit),
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
  { artifacts, checkSpaces }: CheckDeps,
  { task, commit }: CheckInput,
  { name, command, result }: { readonly name: string } & FailedSetup,
): Promise<Evidence> {
  const passed = result.exitCode === 0;
  const missing = passed || name === SET_UP ? [] : await checkSpaces.lacks(task);
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
const problemOf = ({ programs }: CheckDeps, command: Command, cwd: string): string | undefined =>
  isOfWorkspace(command) ? programs.problem(command, cwd)?.message : undefined;
