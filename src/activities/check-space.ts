/**
 * The space in which the checks of an owner run, with what set-up makes of it: set-up runs there once, and again where a commit
 * changes what it reads.
 */
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { digestOf } from '../domain/digest.ts';
import type { OwnerRef } from '../domain/owner-ref.ts';
import { isBuilt, setupDigest } from '../domain/set-up-inputs.ts';
import type { CheckSetup } from '../domain/steps.ts';
import type { AgentChoice, Command } from '../domain/task-spec.ts';
import type { ActivityDeps } from './deps.ts';
import { maskFor } from './masking.ts';
import type { Overlay } from './ports/check-spaces-port.ts';
import type { Commits } from './ports/commits-port.ts';
import type { ProgramResult } from './ports/programs-port.ts';
import { runSetup } from './set-up.ts';

export type CheckSpaceDeps = Pick<
  ActivityDeps,
  'checkSpaces' | 'programs' | 'marks' | 'matching' | 'variables' | 'parseConfiguration' | 'endMarked'
> & {
  /** What says what is in a commit. */
  readonly commits: Commits;
};

/** What is to be in the space. */
export interface Checked extends CheckSetup {
  readonly owner: OwnerRef;
  readonly baseCommit: string;
  readonly agent?: AgentChoice;
  readonly commit: string;
  readonly overlay?: Overlay;
}

export interface FailedSetup {
  readonly command: Command;
  readonly result: ProgramResult;
}

/**
 * Puts a commit into the space, where set-up has run for it. Idempotent.
 * @returns how set-up failed; undefined where it did not, or there is none
 */
export async function openCheckSpace(
  deps: CheckSpaceDeps,
  input: Checked,
  signal: AbortSignal,
): Promise<FailedSetup | undefined> {
  const { checkSpaces, marks } = deps;
  const { owner, commit, overlay } = input;
  const mark = marks.ofStep(owner.id, 'check');
  // What a killed worker has left would go on writing there.
  await deps.endMarked(mark);
  signal.throwIfAborted();
  await checkSpaces.checkOut(owner, commit, overlay);
  const command = await commandOf(deps, input);
  if (command === undefined) return undefined;
  const before = await checkSpaces.setUpOn(owner);
  const all = digestOf({ command, commit, overlay: overlay && { ...overlay, texts: [...overlay.texts] } });
  if (before === all) return undefined;
  const inputs = await inputsOf(deps, input, command);
  if (before === inputs) return undefined;
  if (before !== undefined) await checkSpaces.renew(owner, commit, overlay);
  await checkSpaces.beginSetup(owner);
  const result = await setUp(deps, input, { command, mark }, signal);
  if (result.exitCode !== 0) return { command, result };
  await checkSpaces.noteSetup(owner, (left) => (isBuilt(command, left, deps.matching) ? all : inputs));
  return undefined;
}

async function commandOf(
  { commits, parseConfiguration }: CheckSpaceDeps,
  { owner, baseCommit, setup }: Checked,
): Promise<Command | undefined> {
  if (setup !== undefined) return setup ?? undefined;
  return parseConfiguration((await commits.fileAt(owner, baseCommit, CONFIGURATION_FILE)) ?? '').setup;
}

/** By the commit and the overlay, not by the files: set-up itself may have changed those. */
async function inputsOf(
  { checkSpaces, matching }: CheckSpaceDeps,
  { owner, commit, overlay }: Checked,
  command: Command,
): Promise<string> {
  const entries = new Map(await checkSpaces.entries(owner, commit));
  if (overlay !== undefined) {
    const base = await checkSpaces.entries(owner, overlay.commit);
    for (const path of overlay.paths) {
      const entry = base.get(path);
      if (entry === undefined) entries.delete(path);
      else entries.set(path, entry);
    }
    for (const [path, text] of overlay.texts) entries.set(path, text);
  }
  return setupDigest(command, owner.dir, entries, matching);
}

async function setUp(
  deps: CheckSpaceDeps,
  { owner, baseCommit, agent }: Checked,
  { command, mark }: { readonly command: Command; readonly mark: string },
  signal: AbortSignal,
): Promise<ProgramResult> {
  const cwd = await deps.checkSpaces.startOf(owner);
  const problem = cwd === undefined ? noFolder(owner) : deps.programs.problem(command, cwd)?.message;
  if (cwd === undefined || problem !== undefined) return notStarted(problem ?? '');
  const mask = maskFor(deps, agent === undefined ? {} : { agent });
  return runSetup(deps, { owner, baseCommit, command, cwd, mark, mask }, signal);
}

export const noFolder = ({ dir }: OwnerRef): string =>
  `there is no folder ${JSON.stringify(dir)} any more, in which the checks start`;

/** As a shell says it. */
const NOT_FOUND_EXIT_CODE = 127;

/** In place of a program that cannot be started. */
export const notStarted = (why: string): ProgramResult => ({
  exitCode: NOT_FOUND_EXIT_CODE,
  timedOut: false,
  durationMs: 0,
  output: `${why}\n`,
});
