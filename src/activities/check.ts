/**
 * The step that checks a commit: the engine runs the checks of the base commit itself and keeps the evidence. Where the
 * agent changed tests or check definitions, each check has to pass twice: as the agent left them, and with those
 * files as they are in the base commit.
 */

import { tail } from '../domain/limits.ts';
import { withScriptsOf } from '../domain/package-scripts.ts';
import type { CheckInput, CheckReport } from '../domain/steps.ts';
import type { CheckDefinition, Evidence } from '../domain/task.ts';
import type { ActivityDeps } from './index.ts';
import type { Running } from './running.ts';

const CHECK_TIMEOUT_MS = 30 * 60_000;

export async function runChecks(deps: ActivityDeps, input: CheckInput, run: Running): Promise<CheckReport> {
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
async function overlayBase({ workspaces, matching }: ActivityDeps, input: CheckInput): Promise<string[]> {
  const { task, baseCommit, commit, protect } = input;
  if (protect.length === 0) return [];
  const changed = (await workspaces.diff(task, baseCommit, commit)).files;
  const known = changed.filter(({ status }) => status !== 'added').map(({ path }) => path);
  const files = matching(known, protect);
  const packages = known.filter((one) => one === 'package.json' || one.endsWith('/package.json'));
  if (files.length + packages.length === 0) return [];
  // The first pass ran what the agent wrote, which may have gone on changing things: a `pretest` that removes tests, say.
  await workspaces.restore(task, commit);
  if (files.length > 0) await workspaces.overlay(task, baseCommit, files);
  const overlaid = [...files];
  for (const path of packages) {
    const base = await workspaces.fileAt(task, baseCommit, path);
    const now = await workspaces.fileAt(task, commit, path);
    const merged = base === undefined ? undefined : withScriptsOf(now ?? base, base);
    if (merged === undefined) continue;
    await workspaces.write(task, path, merged);
    overlaid.push(`the scripts of ${path}`);
  }
  return overlaid;
}

async function runCheck(
  { programs, artifacts, workspaces, marks }: ActivityDeps,
  { task, commit }: CheckInput,
  { name, run: command, timeoutSeconds }: CheckDefinition,
  { signal }: Running,
): Promise<Evidence> {
  const timeoutMs = timeoutSeconds === undefined ? CHECK_TIMEOUT_MS : timeoutSeconds * 1_000;
  const cwd = workspaces.pathOf(task);
  const result = await programs.run(
    { command, cwd, mark: marks.ofStep(task.id, 'check'), timeoutMs },
    signal,
  );
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
