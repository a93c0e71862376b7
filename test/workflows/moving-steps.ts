/** Steps of a change whose base moves before it is merged. */
import type { Published } from '../../src/domain/steps.ts';
import type { PullRequest } from '../../src/domain/task-state.ts';
import { easy, type Steps } from './easy-steps.ts';

type Merge = Awaited<ReturnType<Steps['merge']>>;

export const MERGED: Merge = { kind: 'merged', commit: 'merge1' };
export type Moved = Extract<Merge, { kind: 'base_moved' }>;
export const moved = (nth: number, more: Partial<Moved> = {}): Merge => ({
  kind: 'base_moved',
  commit: `joined${nth}`,
  baseCommit: `base${nth}`,
  ...more,
});
export const merges = (...answers: readonly Merge[]): Steps['merge'] => {
  const left = [...answers];
  return async () => left.shift() ?? MERGED;
};

/** What is offered for a commit, the same change each time. */
export const offers =
  (
    of: Readonly<Record<string, Partial<Published>>> = {},
    pull: Readonly<Record<string, Partial<PullRequest>>> = {},
  ) =>
  async (input: Parameters<Steps['publish']>[0]): Promise<Published> => {
    const published = await easy.publish(input);
    if ('kind' in published) throw new Error('expected a pull request');
    const pullRequest = { ...published.pullRequest, ...pull[input.commit] };
    return { change: 'sha256:same', ...published, ...of[input.commit], pullRequest };
  };
