/**
 * The step that checks a commit: the engine runs the checks of the base commit itself and keeps the evidence. Where the
 * agent changed or added tests or check definitions, each check has to pass twice: as the agent left them, and with
 * those files as they are in the base commit, so without the added ones.
 */

import { isOfWorkspace } from '../domain/command-line.ts';
import { tail } from '../domain/limits.ts';
import type { CheckInput, CheckReport, TaskRef } from '../domain/steps.ts';
import type { CheckDefinition, Command } from '../domain/task-spec.ts';
import type { Evidence } from '../domain/task-state.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor } from './masking.ts';
import { overlayBase } from './protected-files.ts';
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
