/** Where an attempt had got to, small enough to travel in heartbeats and failures. */
import { clip, LIMITS } from '../domain/limits.ts';
import type { AttemptInput } from '../domain/steps.ts';
import type { Checkpoint } from '../domain/task-state.ts';
import type { Workspaces } from './ports/workspaces-port.ts';

/** A checkpoint of what the worktree holds now, whoever asks: the watcher of a living attempt or the recovery of a dead one. */
export async function checkpointNow(
  { workspaces }: { readonly workspaces: Workspaces },
  { task, attempt }: AttemptInput,
  last: Checkpoint | undefined,
  heard: Partial<Pick<Checkpoint, 'agentSession' | 'completed' | 'next' | 'outputTail'>> = {},
): Promise<Checkpoint> {
  const { tree, changedFiles } = await workspaces.snapshot(task);
  const cut = (items: readonly string[]) =>
    items.slice(0, LIMITS.checkpointItemsMax).map((item) => clip(item, LIMITS.checkpointItemCharsMax));
  return {
    ...last,
    ...heard,
    number: (last?.attempt === attempt.number ? last.number : 0) + 1,
    attempt: attempt.number,
    tree,
    completed: cut(heard.completed ?? last?.completed ?? []),
    next: cut(heard.next ?? last?.next ?? []),
    createdFiles: cut(changedFiles).slice(0, LIMITS.filesNamedMax),
  };
}
