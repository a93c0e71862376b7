/**
 * The step that checks a commit: the engine runs the checks of the base commit itself and keeps the evidence. Where the
 * agent changed or added tests or check definitions, each check has to pass twice: as the agent left them, and with
 * those files as they are in the base commit, so without the added ones.
 */

import { isOfWorkspace } from '../domain/command-line.ts';
import { LIMITS, tail } from '../domain/limits.ts';
import { withScriptsOf } from '../domain/package-scripts.ts';
import { CHECK_DEFINITIONS, TESTS } from '../domain/protect.ts';
import type { CheckInput, CheckReport, TaskRef } from '../domain/steps.ts';
import type { CheckDefinition, Command } from '../domain/task-spec.ts';
import type { Evidence } from '../domain/task-state.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor } from './masking.ts';
import type { Running } from './running.ts';
import { taskVariables } from './task-variables.ts';

const CHECK_TIMEOUT_MS = 30 * 60_000;

type CheckDeps = Pick<
  ActivityDeps,
  'workspaces' | 'programs' | 'artifacts' | 'marks' | 'matching' | 'variables'
>;

export async function runChecks(
  deps: CheckDeps,
  input: CheckInput,
  run: Pick<Running, 'signal'>,
): Promise<CheckReport> {
  const { task, commit, checks } = input;
  const evidence: Evidence[] = [];
  // What an earlier, cut off try of this step or a check itself left behind does not count.
  await deps.workspaces.restore(task, commit);
  for (const check of checks) evidence.push(await runCheck(deps, input, check, run));
  const overlaid = await overlayBase(deps, input);
  if (overlaid.length > 0) {
    for (const [index, check] of checks.entries()) {
      // What fails as it is need not be run a second time.
      if (evidence[index]?.passed !== true) continue;
      evidence.push({ ...(await runCheck(deps, input, check, run)), restored: overlaid });
    }
  }
  await deps.workspaces.restore(task, commit);
  return { commit, evidence };
}

/** Puts what the agent changed of the protected files back to the base commit; answers what that was. */
async function overlayBase(deps: CheckDeps, input: CheckInput): Promise<string[]> {
  const { workspaces, matching } = deps;
  const { task, baseCommit, commit, protect } = input;
  if (protect.length === 0) return [];
  const changed = (await workspaces.changes(task, baseCommit, commit)).files;
  const known = changed.filter(({ status }) => status !== 'added').map(({ path }) => path);
  const added = changed.filter(({ status }) => status === 'added').map(({ path }) => path);
  const gone = await notInBase(deps, input, matching(added, protect));
  const files = [...matching(known, protect), ...gone];
  const packages = known.filter((one) => one === 'package.json' || one.endsWith('/package.json'));
  if (files.length + packages.length === 0) return [];
  // The first pass ran what the agent wrote, which may have gone on changing things: a `pretest` that removes tests, say.
  await workspaces.restore(task, commit);
  if (files.length > 0) await workspaces.overlay(task, baseCommit, files);
  const removed = new Set(gone);
  const overlaid = files.map((path) => (removed.has(path) ? `no ${path}` : path));
  for (const path of packages) {
    const base = await workspaces.fileAt(task, baseCommit, path);
    const now = await workspaces.fileAt(task, commit, path);
    const merged = base === undefined ? undefined : withScriptsOf(now ?? base, base);
    if (merged === undefined) continue;
    await workspaces.write(task, path, merged);
    overlaid.push(`the scripts of ${path}`);
  }
  return overlaid.slice(0, LIMITS.filesNamedMax);
}

/**
 * Added files that may decide what a check says: a configuration that leaves tests out, a set-up file that ends every
 * test well. In a base without any test the first ones stay: there is none that they could hide, and many runners fail
 * where they find none.
 */
async function notInBase(
  { workspaces, matching }: CheckDeps,
  { task, baseCommit }: CheckInput,
  added: readonly string[],
): Promise<readonly string[]> {
  const definitions = new Set(matching(added, CHECK_DEFINITIONS));
  const tests = new Set(matching(added, TESTS).filter((path) => !definitions.has(path)));
  if (tests.size === 0) return added;
  const judged = matching(await workspaces.files(task, baseCommit), TESTS).length > 0;
  return judged ? added : added.filter((path) => !tests.has(path));
}

async function runCheck(
  deps: CheckDeps,
  input: CheckInput,
  { name, run: command, timeoutSeconds }: CheckDefinition,
  { signal }: Pick<Running, 'signal'>,
): Promise<Evidence> {
  const { programs, artifacts, workspaces, marks } = deps;
  const { task, commit, baseCommit } = input;
  const timeoutMs = timeoutSeconds === undefined ? CHECK_TIMEOUT_MS : timeoutSeconds * 1_000;
  const cwd = await workspaces.startOf(task);
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
      : notThere(missing ?? '');
  signal.throwIfAborted();
  return {
    name,
    command,
    commit,
    exitCode: result.exitCode,
    passed: result.exitCode === 0,
    durationMs: Math.round(result.durationMs),
    output: await artifacts.put(result.output),
    tail: tail(result.output),
  };
}

/** What of a check is the agent's to bring, so that its absence is a failed check and no fault of the machine. */
const problemOf = ({ programs }: CheckDeps, command: Command, cwd: string): string | undefined =>
  isOfWorkspace(command) ? programs.problem(command, cwd)?.message : undefined;

const noFolder = ({ dir }: TaskRef): string =>
  `there is no folder ${JSON.stringify(dir)} any more, in which the checks start`;

/** As a shell says it. */
const NOT_FOUND_EXIT_CODE = 127;
const notThere = (why: string) => ({ exitCode: NOT_FOUND_EXIT_CODE, durationMs: 0, output: `${why}\n` });
