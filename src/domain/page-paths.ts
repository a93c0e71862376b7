/** The addresses of the live page: what the engine answers with the page, and where the page and the CLI lead to. */
import type { ExecutionId, TaskId } from './ids.ts';

/** Patterns, as both routers read them. */
export const PAGE_PATHS = {
  now: '/',
  board: '/board',
  engine: '/engine',
  archive: '/archive',
  task: '/tasks/:id',
  /** What a person decides: the open gate of a task. */
  decision: '/tasks/:id/decision',
  execution: '/executions/:id',
} as const;

export const taskPage = (id: TaskId): string => PAGE_PATHS.task.replace(':id', encodeURIComponent(id));
export const decisionPage = (id: TaskId): string =>
  PAGE_PATHS.decision.replace(':id', encodeURIComponent(id));
export const executionPage = (id: ExecutionId): string =>
  PAGE_PATHS.execution.replace(':id', encodeURIComponent(id));
