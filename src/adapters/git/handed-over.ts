/**
 * A workspace in a person's hands (`pawl shell`): noted beside it until what they did is part of the task's change, and held by
 * a lock that the kernel frees, so that neither a killed shell nor a killed command line is waited for.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TakenUp } from '../../domain/by-hand.ts';
import { PawlError } from '../../domain/failures.ts';
import type { TaskRef } from '../../domain/steps.ts';
import { readWhole, writeWhole } from '../files/atomic-file.ts';
import { isLocked, tryLock } from '../files/file-lock.ts';
import { trailerOf } from './objects.ts';
import { expectReady, type Space, type SpacePlaces, spaceOf } from './space.ts';
import { commitWork, stateOf } from './task-branch.ts';
import { lookAt } from './worktree.ts';

export interface HandPlaces extends SpacePlaces {
  readonly locks: string;
}

export interface InHand {
  readonly workspace: string;
  /** The person has left; what they did is taken up by the task's next step. */
  release(): void;
  /** Nobody has been there: the task goes on as if nobody had asked. */
  withdraw(): Promise<void>;
}

/**
 * Gives a workspace into a person's hands.
 * @throws PawlError `not_found` where there is none, `conflict` where somebody has it
 */
export async function takeInHand(places: HandPlaces, task: TaskRef, by: string): Promise<InHand> {
  const space = spaceOf(places, task);
  await expectReady(space);
  const held = tryLock(lockOf(places, space));
  if (held === undefined)
    throw new PawlError('conflict', `somebody has a shell open in the workspace of task ${task.id}`);
  await writeWhole(noteOf(space), `${by}\n`, 'durable');
  return {
    workspace: space.worktree,
    release: () => held.release(),
    async withdraw() {
      await rm(noteOf(space), { force: true });
      held.release();
    },
  };
}

/** Whether a person is in the workspace, or has been and what they did is not taken up yet. */
export async function handsOn(places: HandPlaces, space: Space): Promise<'working' | 'left' | undefined> {
  if ((await noted(space)) === undefined) return undefined;
  return isLocked(lockOf(places, space)) ? 'working' : 'left';
}

/**
 * What a person changed in the workspace becomes the task's last commit. Running it twice changes nothing.
 * @param key of the effect, by which a commit that was made already is found
 * @returns undefined where there is nothing of theirs
 */
export async function takeUpHands(
  places: HandPlaces,
  space: Space,
  key: string,
): Promise<TakenUp | undefined> {
  const [by, { tip }] = await Promise.all([noted(space), stateOf(space)]);
  const isMade = trailerOf(tip, 'Pawl-Effect') === key;
  if (by === undefined && !isMade) return undefined;
  if (isLocked(lockOf(places, space)))
    return refused(`${by} has a shell open in the workspace (pawl shell): end it, then retry`);
  const commit = isMade ? tip.oid : await commitHands(space, `${BY_HAND}${by}`, key);
  if (typeof commit === 'object') return refused(commit.problem);
  await rm(noteOf(space), { force: true });
  if (commit === undefined) return undefined;
  const who =
    by ??
    tip.message
      .split('\n')
      .find((line) => line.startsWith(BY_HAND))
      ?.slice(BY_HAND.length);
  return { kind: 'taken', commit, by: who ?? 'somebody', summary: 'changes in the workspace' };
}

const BY_HAND = 'Changed by hand: ';

async function commitHands(
  space: Space,
  how: string,
  key: string,
): Promise<string | undefined | { readonly problem: string }> {
  try {
    const commit = await commitWork(space, `${space.owner.title}\n\n${how}`, key);
    if (commit !== undefined || (await lookAt(space)).changedFiles.length > 0) return commit;
    return {
      problem:
        'nothing of the change is left in the workspace: put back what is wanted (pawl shell), then retry, or cancel',
    };
  } catch (error) {
    if (!(error instanceof PawlError) || error.code === 'unavailable') throw error;
    return { problem: `what was changed in the workspace cannot be committed: ${error.message}` };
  }
}

const refused = (why: string): TakenUp => ({ kind: 'refused', why });

const noted = async (space: Space): Promise<string | undefined> => (await readWhole(noteOf(space)))?.trim();
const noteOf = ({ state }: Space): string => join(state, 'in-hand');
const lockOf = ({ locks }: HandPlaces, { owner }: Space): string => join(locks, `hand-${owner.id}`);
