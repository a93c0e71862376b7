/**
 * A task on its way from an agent's work to the merge, driven step by step as its workflow does it: what a step answered
 * is known from then on, and a step whose process died is done again with the same input.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { AttemptInput, Merged } from '../../../src/domain/steps.ts';
import { putKillingGit } from '../../adapters/git/killing-git.ts';
import type { newWorld } from '../../adapters/scratch-repository.ts';
import { put, scratchFolder } from '../../adapters/scratch-repository.ts';
import { type Delivery, type DeliveryStep, deliveryIn } from './deps.ts';

const ONE_STEP = join(import.meta.dirname, 'fixtures', 'one-step.ts');
/** More moves of the base than a row has. */
const TURNS_MAX = 6;

export interface Death {
  readonly step: DeliveryStep;
  /** Right before or right after a command of git's; without one the step is done and its answer is lost. */
  readonly moment: 'before' | 'after';
  /** Words that the command has among its arguments. */
  readonly command?: string;
  /** The how manieth of such commands; the first unless told. */
  readonly nth?: number;
}

export const before = (step: Death['step'], command: string): Death => ({ step, moment: 'before', command });
export const after = (step: Death['step'], command: string): Death => ({ step, moment: 'after', command });
export const answerLost = (step: Death['step']): Death => ({ step, moment: 'after' });

export type MergedForGood = Extract<Merged, { kind: 'merged' }>;

export class Story {
  readonly world: ReturnType<typeof newWorld>;
  readonly delivery: Delivery;
  /** The agent's work in a file of the workspace. */
  readonly path: string;
  attempt = 1;
  baseCommit: string;
  commit = '';
  /** What was put on the branch last. */
  shown = '';
  number = 0;

  constructor(world: ReturnType<typeof newWorld>, path: string) {
    this.world = world;
    this.path = path;
    this.baseCommit = world.baseCommit;
    this.delivery = deliveryIn(world.places);
  }

  inputOf(step: DeliveryStep): object {
    const { attempt, commit, baseCommit, number } = this;
    const { task } = this.world;
    switch (step) {
      case 'commit':
        return { task, baseCommit, attempt: { number: attempt } };
      case 'publish':
        return { task, attempt, baseCommit, commit, summary: 'did it', evidence: [] };
      case 'takeUp':
        return { task, attempt: attempt + 1, baseCommit, commit, shown: this.shown };
      case 'merge':
        return { task, attempt, pullRequest: number, commit, baseCommit };
      case 'cleanUp':
        return { task, baseCommit };
      default:
        return step satisfies never;
    }
  }

  /** Does the steps before this one. */
  async reach(step: DeliveryStep): Promise<void> {
    if (step !== 'commit') await this.work();
    if (step === 'merge' || step === 'takeUp') await this.publish();
  }

  /** The step's process dies there. */
  async die({ step, moment, command, nth = 1 }: Death): Promise<void> {
    const input = this.inputOf(step);
    if (command === undefined) {
      await this.delivery[step](input as never);
      return;
    }
    const git = killingGit(command, nth, moment);
    const ended = await execa('node', [ONE_STEP], {
      input: JSON.stringify({ places: this.world.places, step, input }),
      env: { PATH: `${git.folder}:${process.env.PATH}` },
      // A process group of its own, which is what the kill ends.
      detached: true,
      reject: false,
    });
    expect({ died: git.hasKilled(), by: ended.signal }, ended.stderr).toEqual({ died: true, by: 'SIGKILL' });
  }

  /** Does this step again, and all that come after it. */
  async finish(step: DeliveryStep): Promise<MergedForGood> {
    if (step === 'commit') await this.work();
    if (step === 'takeUp') await this.takeUp();
    if (step !== 'merge') await this.publish();
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      const merged = await this.delivery.merge(this.inputOf('merge') as never);
      if (merged.kind === 'merged') return merged;
      if (merged.kind === 'pending') throw new Error(`the local forge waits for nothing: ${merged.why}`);
      if (merged.kind === 'worked_on') {
        await this.takeUp();
        await this.publish();
        continue;
      }
      this.baseCommit = merged.baseCommit;
      if (merged.kind === 'base_moved') this.commit = merged.commit;
      else await this.solve(merged.files);
      await this.publish();
    }
    throw new Error('the task never got there');
  }

  private async work(): Promise<void> {
    this.commit = (await this.delivery.commit(this.inputOf('commit') as AttemptInput)).commit;
  }

  private async publish(): Promise<void> {
    let published = await this.delivery.publish(this.inputOf('publish') as never);
    for (let turns = 0; turns < TURNS_MAX && 'kind' in published; turns += 1) {
      await this.takeUp();
      published = await this.delivery.publish(this.inputOf('publish') as never);
    }
    if ('kind' in published) throw new Error('what was put on the branch was never taken up');
    this.shown = this.commit;
    this.number = published.pullRequest.number;
  }

  private async takeUp(): Promise<void> {
    const taken = await this.delivery.takeUp(this.inputOf('takeUp') as never);
    if (taken.kind === 'refused') throw new Error(taken.why);
    if (taken.kind === 'nothing') return;
    this.commit = taken.commit;
    this.baseCommit = taken.baseCommit ?? this.baseCommit;
    this.attempt += 1;
  }

  /** As an agent does that is told of a conflict. */
  private async solve(files: readonly string[]): Promise<void> {
    put(this.path, Object.fromEntries(files.map((file) => [file, 'solved\n'])));
    this.attempt += 1;
    await this.work();
  }
}

/** A `git` that ends its process group, once, at the nth command with these words; two may run at the same time. */
function killingGit(words: string, nth: number, moment: 'before' | 'after') {
  const folder = scratchFolder('bin');
  const [seen, killed] = [join(folder, 'seen'), join(folder, 'killed')];
  const isMeant = `case "$*" in *"${words}"*) printf . >> "${seen}" ;; *) return 1 ;; esac`;
  putKillingGit(folder, `${isMeant}; [ $(wc -c < "${seen}") -ge ${nth} ] && mkdir "${killed}"`, moment);
  return { folder, hasKilled: () => existsSync(killed) };
}
