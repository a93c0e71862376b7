/** What a task is started with for lists. Apart from the schemas of rows, which cannot be loaded inside a workflow. Pure. */
import { unusualIn } from './priority.ts';
import type { RowMemo } from './rows.ts';
import type { TaskSpec } from './task-spec.ts';

/** With the title and the status, which search attributes say. */
export function memoOf(spec: TaskSpec): RowMemo {
  if (spec.kind === 'agent_run') {
    const { description, dir, agent, skill, priority } = spec;
    return {
      description,
      agent: agent.name,
      ...unusualIn(priority),
      ...(dir === undefined ? {} : { dir }),
      ...(skill === undefined ? {} : { execution: skill.execution }),
    };
  }
  const { title, description, plan, context, plannedAt } = spec;
  return {
    title,
    description,
    ...(context === undefined ? {} : { context }),
    ...(plan === undefined ? {} : { plan }),
    ...(plannedAt === undefined ? {} : { plannedAt }),
  };
}
