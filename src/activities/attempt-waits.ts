/** What an attempt waits for before its agent starts: a person who works in its workspace, and a slot. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HAND_TEXT, type HandPlace, placeText, type QueuePlace } from '../domain/places.ts';
import type { AttemptInput } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';
import type { AttemptLog } from './ports/storage-port.ts';
import type { Running } from './running.ts';

/** How soon it is seen that the person has left. */
const LOOK_MS = 500;

/**
 * Who waits says so in the log and in each heartbeat, where `pawl show` reads it. What a person has left in the workspace is there
 * for the agent, like that of an attempt before.
 * @returns what gives the slot back
 */
export async function untilItMayWork(
  deps: ActivityDeps,
  input: AttemptInput,
  run: Running,
  log: AttemptLog,
): Promise<() => void> {
  const { task, attempt } = input;
  const isTaken = async () => (await deps.workspaces.hands(task)) === 'working';
  /** Whoever settles what a killed worker left knows by it that nothing was begun. */
  let noted: Promise<void> | undefined;
  const noteWait = () => {
    noted ??= run.entry.note({ waits: true });
    // Thrown where it is waited for.
    noted.catch(() => undefined);
  };
  try {
    for (;;) {
      if (await isTaken()) {
        noteWait();
        log.write({ type: 'queue', text: `waits for ${HAND_TEXT}` });
        deps.observer.waits(task.id, HAND_TEXT);
        run.carry({ hand: true } satisfies HandPlace);
        while (await isTaken()) await sleep(LOOK_MS, undefined, { signal: run.signal });
        deps.observer.waits(task.id, undefined);
      }
      const release = await waitForSlot(deps, input, run, log, noteWait);
      run.carry(attempt.checkpoint ?? {});
      // Somebody may have come while it was in the queue, and is not to keep others from their slot.
      let begins = false;
      try {
        if (await isTaken()) continue;
        if (noted !== undefined) {
          await noted;
          await run.entry.note({ waits: false });
        }
        begins = true;
        return release;
      } finally {
        if (!begins) release();
      }
    }
  } finally {
    deps.observer.waits(task.id, undefined);
  }
}

function waitForSlot(
  { slots, observer }: ActivityDeps,
  { task, priority, waitsSinceMs = Date.now() }: AttemptInput,
  run: Running,
  log: AttemptLog,
  onWait: () => void,
): Promise<() => void> {
  const waiting = (place: number) => {
    onWait();
    log.write({ type: 'queue', text: `waits for a free agent: place ${place} in the queue` });
    observer.waits(task.id, placeText(place));
    run.carry({ queue: place } satisfies QueuePlace);
  };
  return slots.acquire({ repository: task.repository, priority, sinceMs: waitsSinceMs }, waiting, run.signal);
}
