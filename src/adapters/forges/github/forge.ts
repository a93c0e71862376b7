/**
 * The forge `github`: pull requests on github.com or a GitHub Enterprise host, over its REST API, and git over https. The
 * token is read from the engine's environment by each call and handed to nothing but GitHub. The parts are in
 * the files beside this one.
 */
import { join } from 'node:path';
import type { Forge } from '../../../activities/ports/forge-port.ts';
import type { TaskRef } from '../../../domain/steps.ts';
import { lock } from '../../files/file-lock.ts';
import { repositoryKey } from '../../git/mirror.ts';
import { type SpacePlaces, spaceOf } from '../../git/space.ts';
import { isInWork } from '../../git/taken-up.ts';
import type { Environment } from '../../programs/environment.ts';
import { push, reachOf } from './branch.ts';
import { merge } from './merge.ts';
import { problemOf } from './problem.ts';
import { ensurePullRequest } from './pull-requests.ts';
import { watch } from './watch.ts';

export interface GitHubPlaces extends SpacePlaces {
  readonly locks: string;
}
export interface GitHubOptions {
  /** Tokens and Enterprise hosts are looked up in it by each call. */
  readonly environment: () => Environment;
  /** How long a watch waits between two looks. */
  readonly pollMs?: number;
}

const POLL_MS = 20_000;

/** Every call may be cut off anywhere and made again, also by another process, and by several at once. */
export function createGitHubForge(places: GitHubPlaces, options: GitHubOptions): Forge {
  const { environment, pollMs = POLL_MS } = options;
  const reach = (task: TaskRef) => reachOf(task, environment());
  return {
    problem: (task) =>
      problemOf(
        () => reach(task),
        (commit) => isInWork(spaceOf(places, task), commit),
      ),
    push: async (task, commit) => push(reach(task), spaceOf(places, task), commit),
    async ensurePullRequest(request) {
      const { number, html_url } = await ensurePullRequest(reach(request.task), request);
      return { number, url: html_url };
    },
    async merge(request) {
      const { repository } = request.task;
      // One after the other: else two would be merged onto a base that each has seen.
      const held = await lock(join(places.locks, `repository-${repositoryKey(repository)}`));
      try {
        return await merge(reach(request.task), request);
      } finally {
        held.release();
      }
    },
    watch: async (input, signal) => watch(reachOf(input.task, environment(), signal), input, pollMs, signal),
  };
}
