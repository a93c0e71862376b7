/** The space of a task's checks is made ready beside its agent, from the base, so that nobody waits for it afterwards. */
import type { AttemptInput, CheckSetup, TaskRef } from '../domain/steps.ts';
import { type CheckSpaceDeps, openCheckSpace } from './check-space.ts';
import type { ActivityDeps } from './deps.ts';
import type { AttemptLog } from './ports/storage-port.ts';
import type { Running } from './running.ts';
import { howItFailed } from './set-up.ts';

export interface SpaceBeside {
  /** Cuts it off: nobody needs it now. */
  stop(): void;
  /** Settles when nothing of it runs any more; never throws, since what failed is done again before the checks. */
  ended(): Promise<void>;
}

type BesideDeps = Omit<CheckSpaceDeps, 'commits'> & Pick<ActivityDeps, 'observer' | 'workspaces'>;

/** Begins at once; nothing to do where there are no checks. A space in which set-up has run for a commit stays as it is. */
export function readyBeside(
  deps: BesideDeps,
  { task, baseCommit, agent, checked }: AttemptInput,
  { signal }: Pick<Running, 'signal'>,
  log: AttemptLog,
): SpaceBeside {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  const ready = async () => {
    if (checked === undefined || (await isReady(deps, task, checked))) return;
    const input = { owner: task, baseCommit, commit: baseCommit, agent, ...checked };
    const failed = await openCheckSpace({ ...deps, commits: deps.workspaces }, input, stopped);
    if (failed !== undefined) throw new Error(`set-up ${howItFailed(failed.result)}`);
  };
  let isOver = false;
  const over = ready()
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      if (!stopped.aborted)
        log.write({ type: 'progress', text: `the checks are set up again once there is a commit (${why})` });
    })
    .finally(() => {
      isOver = true;
    });
  return {
    stop: () => stopping.abort(),
    async ended() {
      if (isOver) return;
      deps.observer.waits(task.id, 'the set-up of its checks');
      await over;
      deps.observer.waits(task.id, undefined);
    },
  };
}

async function isReady(
  { checkSpaces }: Pick<CheckSpaceDeps, 'checkSpaces'>,
  task: TaskRef,
  { setup }: CheckSetup,
): Promise<boolean> {
  if (!(await checkSpaces.exists(task))) return false;
  return setup === null || (await checkSpaces.setUpOn(task)) !== undefined;
}
