/**
 * The step that waits for news of a pull request. It sends no heartbeats, so it does not hear from the server that it is
 * not needed any more: the next step of the same task, which runs on this host as well, ends it.
 */
import type { TaskId } from '../domain/ids.ts';
import type { PullRequestNews, WatchInput } from '../domain/pull-request-news.ts';
import type { ActivityDeps } from './deps.ts';
import type { Running } from './running.ts';

export interface Watches {
  /** One a task: an older one ends. */
  begin(task: TaskId): AbortSignal;
  end(task: TaskId): void;
}

export function createWatches(): Watches {
  const watching = new Map<TaskId, AbortController>();
  const end = (task: TaskId): void => {
    watching.get(task)?.abort();
    watching.delete(task);
  };
  return {
    begin(task) {
      end(task);
      const controller = new AbortController();
      watching.set(task, controller);
      return controller.signal;
    },
    end,
  };
}

export async function watchPullRequest(
  deps: Pick<ActivityDeps, 'forge' | 'workspaces'>,
  watches: Watches,
  input: WatchInput,
  { signal }: Running,
): Promise<PullRequestNews | undefined> {
  const ended = watches.begin(input.task.id);
  try {
    const news = await deps.forge.watch(input, AbortSignal.any([signal, ended]));
    return await orBrought(deps, input, news);
  } catch (error) {
    // Nobody waits for this one any more: what it answers is not looked at.
    if (ended.aborted) return undefined;
    throw error;
  }
}

/** Whoever brings the change into the base themselves, and closes the pull request then, has merged it. */
async function orBrought(
  { workspaces }: Pick<ActivityDeps, 'workspaces'>,
  { task, commit, baseCommit }: WatchInput,
  news: PullRequestNews,
): Promise<PullRequestNews> {
  if (news.kind !== 'closed' || baseCommit === undefined) return news;
  const held = await workspaces.heldNow(task, commit, baseCommit);
  return held === undefined ? news : { kind: 'merged', commit: held.base, by: news.by };
}
