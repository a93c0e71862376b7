/** Whether workers tell the engine of all that happens, so that it need not ask Temporal. */
export interface Tellers {
  /** Whether all of them do, as far as is known without asking. */
  isComplete(): boolean;
  /** Whether all that has happened by now was told: workers in other processes are asked whether they have more to tell. */
  upToNow(): Promise<boolean>;
}

/** The worker is in this process, which hears of each change before whoever moved the task is answered. */
export const OWN_WORKER: Tellers = { isComplete: () => true, upToNow: async () => true };
