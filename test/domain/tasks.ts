/** A task as readers see it, for tests that change some of it. */
import { TaskState } from '../../src/domain/task-state.ts';

export const newTask = (more: Partial<TaskState> = {}): TaskState =>
  TaskState.parse({
    id: 'some-task',
    kind: 'client_driven',
    title: 'Some task',
    description: '',
    status: 'pending',
    notes: [],
    artifacts: [],
    attempts: [],
    gates: [],
    pullRequest: null,
    mergedCommit: null,
    failure: null,
    ignoredMessages: 0,
    ...more,
  });
