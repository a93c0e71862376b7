/** What a workflow may ask about other tasks. Not of a host: any worker answers. */
export interface TaskActivities {
  /** How a task has ended: `completed`, `failed` or `cancelled`; any other status where it has not. */
  readEnd(id: string): Promise<string>;
}

export interface TaskReads {
  /** undefined where there is no such task. */
  readonly statusOf: (id: string) => Promise<string | undefined>;
}

export const createTaskActivities = ({ statusOf }: TaskReads): TaskActivities => ({
  // One that is not there, and never will be, is like one that was cancelled.
  readEnd: async (id) => (await statusOf(id)) ?? 'cancelled',
});
