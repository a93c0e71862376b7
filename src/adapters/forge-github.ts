/**
 * The forge `github`: pull requests on github.com or a GitHub Enterprise host, over its REST API, and git over https. The
 * token is read from the engine's environment by each call and handed to nothing but GitHub. The parts are in
 * `forge-github/`.
 */
import { join } from 'node:path';
import type { Forge } from '../activities/ports.ts';
import type { TaskRef } from '../domain/steps.ts';
import type { Environment } from './environment.ts';
import { lock } from './file-lock.ts';
import { baseOnGitHub, push, reachOf } from './forge-github/branch.ts';
import { gitHubRemotes } from './forge-github/hosts.ts';
import { merge } from './forge-github/merge.ts';
import { problemOf } from './forge-github/problem.ts';
import { ensurePullRequest } from './forge-github/pull-requests.ts';
import { watch } from './forge-github/watch.ts';
import { fromRemote } from './git/base-source.ts';
import { bringBase, repositoryKey } from './git/mirror.ts';
import { type SpacePlaces, spaceOf } from './git/space.ts';

export interface GitHubPlaces extends SpacePlaces {
  readonly locks: string;
}
export interface GitHubOptions {
  /** The engine's: tokens and Enterprise hosts are looked up in it by each call. */
  readonly environment: Environment;
  /** How long a watch waits between two looks. */
  readonly pollMs?: number;
}

const POLL_MS = 20_000;

/** Every call may be cut off anywhere and made again, also by another process, and by several at once. */
export function createGitHubForge(places: GitHubPlaces, options: GitHubOptions): Forge {
  const { environment, pollMs = POLL_MS } = options;
  const remoteOf = gitHubRemotes(environment);
  const reach = (task: TaskRef) => reachOf(task, environment);
  return {
    problem: (task) => problemOf(() => reach(task)),
    push: async (task, commit) => push(reach(task), spaceOf(places, task).mirror, commit),
    async ensurePullRequest(request) {
      const { number, html_url } = await ensurePullRequest(reach(request.task), request);
      return { number, url: html_url };
    },
    async baseTip(task) {
      const reached = reach(task);
      const tip = await baseOnGitHub(reached);
      const remote = remoteOf(task);
      if (remote === undefined) return tip;
      const file = join(places.locks, `mirror-${repositoryKey(task.repository)}`);
      const { mirror } = spaceOf(places, task);
      await bringBase({ source: fromRemote(remote), mirror, lock: file }, task.base, tip);
      return tip;
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
    watch: async (input, signal) => watch(reachOf(input.task, environment, signal), input, pollMs, signal),
  };
}
