/** One durable timer, which is set anew only when it has to ring at another time: each costs two events. */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';

export interface Alarm {
  /** @param at ISO 8601; undefined: never */
  set(at: string | undefined): void;
  /** Whether it has rung since it was set. */
  rang(): boolean;
}

export function createAlarm(): Alarm {
  let setTo: string | undefined;
  let scope: CancellationScope | undefined;
  let isOver = false;
  return {
    set(at) {
      if (at === setTo && !isOver) return;
      scope?.cancel();
      scope = undefined;
      setTo = at;
      isOver = false;
      if (at === undefined) return;
      const mine = new CancellationScope();
      scope = mine;
      mine
        .run(() => sleep(Math.max(1, Date.parse(at) - Date.now())))
        .then(
          () => {
            if (scope === mine) isOver = true;
          },
          (error: unknown) => {
            if (!isCancellation(error)) throw error;
          },
        );
    },
    rang: () => isOver,
  };
}
