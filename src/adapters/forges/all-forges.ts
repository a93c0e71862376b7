/** All forges as one: a task's own choice says which of them is asked. */
import type { Forge } from '../../activities/ports/forge-port.ts';
import type { TaskRef } from '../../domain/steps.ts';

export interface Forges {
  /** Of a task without a choice. */
  readonly local: Forge;
  readonly github: Forge;
}

export function createForges(forges: Forges): Forge {
  const of = ({ forge }: TaskRef): Forge => forges[forge?.name ?? 'local'];
  return {
    problem: (task) => of(task).problem(task),
    push: (task, commit) => of(task).push(task, commit),
    ensurePullRequest: (request) => of(request.task).ensurePullRequest(request),
    merge: (request) => of(request.task).merge(request),
    watch: (input, signal) => of(input.task).watch(input, signal),
  };
}
