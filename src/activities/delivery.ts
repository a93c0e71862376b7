/** The steps that offer a commit as a pull request, merge it and clean up. Each looks before it acts. */

import type { TakenUp, TakeUpInput } from '../domain/by-hand.ts';
import { boundedConflict } from '../domain/conflicts.ts';
import { digestOf } from '../domain/digest.ts';
import { PawlError } from '../domain/failures.ts';
import { branchOf, effectKey } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import { type TurnPlace, turnText } from '../domain/places.ts';
import { type Remark, remarkWords } from '../domain/remarks.ts';
import { rewrittenWords } from '../domain/review.ts';
import type {
  CleanedUp,
  CleanUpInput,
  Merged,
  MergeInput,
  Published,
  PublishInput,
  TaskRef,
  WorkedOn,
} from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import type { MergeTurns } from './merge-turns.ts';
import { mergedByHand } from './merged-by-hand.ts';
import { movedConfiguration } from './moved-configuration.ts';
import type { Forge } from './ports/forge-port.ts';
import type { Kept } from './ports/workspaces-port.ts';
import type { Running } from './running.ts';
import { toLookAt } from './to-look-at.ts';

export type DeliveryDeps = Pick<
  ActivityDeps,
  'workspaces' | 'forge' | 'artifacts' | 'matching' | 'flaggedGlobs' | 'marks' | 'endMarked' | 'removeScratch'
>;

export async function publish(deps: DeliveryDeps, input: PublishInput): Promise<Published | WorkedOn> {
  const { workspaces, artifacts, forge } = deps;
  const { task, attempt, baseCommit, commit, evidence, baseRewritten } = input;
  const { patch, change, files, insertions, deletions, ...found } = await workspaces.diff(
    task,
    baseCommit,
    commit,
  );
  const diff = await artifacts.put(patch);
  const empty = files.length > 0 ? [] : [emptyRemark(task)];
  const { flagged, remarks } = await toLookAt(deps, input, { files, remarks: [...empty, ...found.remarks] });
  if ((await forge.push(task, commit)) === 'worked_on') return { kind: 'worked_on' };
  const key = effectKey(task, attempt, 'pull-request');
  const body = bodyOf(input, flagged, remarks);
  const { number, url } = await forge.ensurePullRequest({ task, key, commit, title: task.title, body });
  const branch = branchOf(task.id);
  const shown = evidence.map(({ name, exitCode, output }) => ({ name, exitCode, output }));
  const counts = { files: files.length, insertions, deletions };
  const told = {
    flagged,
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(baseRewritten === undefined ? {} : { baseRewritten }),
  };
  return {
    pullRequest: { number, url, branch, commit, ...counts, diff, ...told },
    digest: digestOf({ baseCommit, commit, diff, evidence: shown }),
    change,
  };
}

const emptyRemark = ({ base }: TaskRef): Remark => ({
  path: base,
  why: 'has all of this change already: what is approved is an empty one',
});

export interface MergeDeps extends DeliveryDeps, Pick<ActivityDeps, 'observer' | 'parseConfiguration'> {
  readonly turns: MergeTurns;
}

/** Where the base has moved it waits for its turn, so that what is checked again holds all that others merge before it. */
export async function merge(deps: MergeDeps, input: MergeInput, run: Waiting): Promise<Merged> {
  const { task, commit, baseCommit, carries } = input;
  let merged = await mergeAsShown(deps, input);
  if (merged.kind === 'base_moved' && carries === true && (await waitForTurn(deps, task, run)))
    merged = await mergeAsShown(deps, input);
  if (merged.kind !== 'base_moved') {
    deps.turns.giveUp(task);
    return merged.kind === 'closed' ? closedThere(deps, input, merged.why) : merged;
  }
  const tip = merged.baseCommit;
  const joined = await deps.workspaces.mergeBase(task, commit, baseCommit, tip);
  if (joined.kind === 'held') {
    deps.turns.giveUp(task);
    return { ...mergedByHand(input, { ...joined, base: tip }), ...(await endMerged(deps, task)) };
  }
  const configuration = await movedConfiguration(deps, task, baseCommit, tip);
  const moved = {
    baseCommit: tip,
    ...(joined.rewritten ? { baseRewritten: true as const } : {}),
    ...(configuration === undefined ? {} : { configuration }),
  };
  if (joined.kind === 'merged') return { kind: 'base_moved', commit: joined.commit, ...moved };
  deps.turns.giveUp(task);
  return { kind: 'conflict', ...boundedConflict(joined), ...moved };
}

type AsShown =
  | Exclude<Merged, { kind: 'base_moved' | 'conflict' }>
  | Extract<Awaited<ReturnType<Forge['merge']>>, { kind: 'base_moved' | 'closed' }>;

/** Exactly what was shown, onto exactly the base that it was shown for. */
async function mergeAsShown(deps: DeliveryDeps, input: MergeInput): Promise<AsShown> {
  const { task, attempt, pullRequest: number, commit, baseCommit } = input;
  if ((await deps.workspaces.hands(task)) !== undefined) return { kind: 'worked_on' };
  const key = effectKey(task, attempt, 'merge');
  const merged = await deps.forge.merge({ task, key, number, commit, baseCommit });
  return merged.kind === 'merged' ? { ...merged, ...(await endMerged(deps, task)) } : merged;
}

async function endMerged(deps: DeliveryDeps, task: TaskRef): Promise<CleanedUp> {
  const kept = await keepBeside(deps, task);
  await deps.workspaces.remove(task);
  await deps.removeScratch(task.id);
  return kept;
}

/** @throws PawlError `conflict` where the base does not have the change */
async function closedThere(deps: MergeDeps, input: MergeInput, why: string): Promise<Merged> {
  const { task, commit, baseCommit } = input;
  const held = await deps.workspaces.heldNow(task, commit, baseCommit);
  if (held === undefined) throw new PawlError('conflict', why);
  return { ...mergedByHand(input, held, true), ...(await endMerged(deps, task)) };
}

type Waiting = Pick<Running, 'signal' | 'carry'>;

/** Told as the wait for an agent is. */
async function waitForTurn({ turns, observer }: MergeDeps, task: TaskRef, run: Waiting): Promise<boolean> {
  const tell = (turn: number) => {
    observer.waits(task.id, turnText(turn));
    run.carry({ turn } satisfies TurnPlace);
  };
  try {
    const hasWaited = await turns.take(task, tell, run.signal);
    if (hasWaited) run.carry({});
    return hasWaited;
  } finally {
    observer.waits(task.id, undefined);
  }
}

/** What people have changed in the workspace, or put on the task's branch, becomes its change. */
export async function takeUp(
  deps: Pick<MergeDeps, 'workspaces' | 'parseConfiguration'>,
  { task, attempt, baseCommit, commit, shown }: TakeUpInput,
): Promise<TakenUp> {
  const key = effectKey(task, attempt, 'by-hand');
  const found = await deps.workspaces.takeUp(task, { base: baseCommit, head: commit, shown, key });
  if (found.kind !== 'taken' || found.baseCommit === undefined) return found;
  const configuration = await movedConfiguration(deps, task, baseCommit, found.baseCommit);
  return { ...found, ...(configuration === undefined ? {} : { configuration }) };
}

/**
 * Work that is not merged stays reachable as the task's branch in the user's repository; then the worktree goes. It may be
 * that of an earlier run, which could not be cleaned up, where this one has none of its own.
 */
export async function cleanUp(deps: DeliveryDeps, input: CleanUpInput): Promise<CleanedUp> {
  if (input.discards === true) return removeAll(deps, input.task);
  const { hasWork, kept } = await endWorkspace(deps, input);
  const work = { branch: branchOf(input.task.id), holds: 'its work' };
  return keptAs(hasWork ? [work, ...kept] : kept);
}

/** Nobody wants what was worked there. */
async function removeAll(deps: DeliveryDeps, task: TaskRef): Promise<CleanedUp> {
  await deps.endMarked(deps.marks.ofTask(task.id));
  await deps.workspaces.remove(task);
  await deps.removeScratch(task.id);
  return {};
}

/** The same, where the task's branch is about to be another run's. */
export async function endWorkspace(
  deps: DeliveryDeps,
  input: CleanUpInput,
): Promise<{ readonly hasWork: boolean; readonly kept: readonly Kept[] }> {
  const { task, baseCommit } = (await deps.workspaces.leftOver(input.task)) ?? input;
  await deps.endMarked(deps.marks.ofTask(task.id));
  let hasWork = false;
  let kept: readonly Kept[] = [];
  if (baseCommit !== undefined && (await deps.workspaces.exists(task))) {
    const message = `Unfinished work on ${task.title}`;
    await deps.workspaces.commitUnfinished(task, message, effectKey(task, 0, 'keep'));
    const head = await deps.workspaces.head(task);
    hasWork = head !== baseCommit;
    // What people have put on its branch stays there.
    const aside = hasWork && (await deps.forge.push(task, head)) === 'worked_on';
    kept = await deps.workspaces.keep(task, hasWork ? { commit: head, aside } : undefined);
    hasWork = hasWork && !aside;
  }
  await deps.workspaces.remove(task);
  await deps.removeScratch(task.id);
  return { hasWork, kept };
}

/** What keeps it from being kept does not undo a merge: then it is in the mirror. */
async function keepBeside({ workspaces }: DeliveryDeps, task: TaskRef): Promise<CleanedUp> {
  if (!(await workspaces.exists(task))) return {};
  try {
    return keptAs(await workspaces.keep(task));
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return { kept: [`only in the engine's own copy, because ${error.message}`] };
  }
}

/** Branches of the user's repository with what is on them, as people read it. */
export const keptAs = (kept: readonly Kept[]): CleanedUp =>
  kept.length === 0 ? {} : { kept: kept.slice(0, LIMITS.filesNamedMax).map(keptText) };

const keptText = ({ branch, holds }: Kept): string =>
  branch === undefined ? `not ${holds}, because it holds a copied file` : `${branch} (${holds})`;

function bodyOf(
  { summary, evidence, baseRewritten, task }: PublishInput,
  flagged: readonly string[],
  remarks: readonly Remark[],
): string {
  const checks = evidence.map(
    ({ name, exitCode, durationMs, restored }) =>
      `- ${name}: ${exitCode === 0 ? 'passed' : `exit ${exitCode}`} in ${durationMs} ms${restored === undefined ? '' : " with the base commit's tests"}`,
  );
  const verified =
    checks.length === 0
      ? ['**Unverified**: no check is configured.']
      : ['Checks run by the engine:', ...checks];
  const touched =
    flagged.length === 0
      ? []
      : ['', 'Touches check definitions, tests or lock files:', ...flagged.map((path) => `- ${path}`)];
  const seen =
    remarks.length === 0 ? [] : ['', 'To look at:', ...remarks.map((one) => `- ${remarkWords(one)}`)];
  const carried = baseRewritten === undefined ? [] : ['', `${rewrittenWords(task.base)}.`];
  const lines = [summary, '', ...verified, ...touched, ...seen, ...carried];
  return clip(lines.join('\n'), LIMITS.descriptionCharsMax);
}
