/** What goes to operations and what comes back, in the words of the tools. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import { knownOf } from './own-tasks.ts';
import { entryOf, type Status, type TaskEntry } from './words.ts';

export const WORKS = { readOnly: false, destructive: false, idempotent: false } as const;

export const AttemptToken = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe('what orchestrator_execute_task answered: a report of an older attempt is refused then');

export const given = <K extends string, V>(key: K, value: V | undefined) =>
  value === undefined ? {} : { [key]: value };

/** A task as a list shows it. */
export function entryOfState(state: TaskState, status?: z.infer<typeof Status>): TaskEntry {
  const entry = entryOf(knownOf(state));
  return status === 'archived' ? { ...entry, status } : entry;
}

/** Fields of operations in the words of the tools. */
export const FIELDS: Readonly<Record<string, string>> = {
  parent: 'parent_task_id',
  due: 'due_date',
  effort: 'estimated_effort',
  specialist: 'specialist_type',
  type: 'task_type',
  files: 'file_paths',
  detail: 'detailed_work',
  artifacts: 'legacy_artifacts',
  attemptToken: 'attempt_token',
  id: 'task_id',
  directory: 'working_directory',
};

/** A problem is told with the name that the caller gave. */
export async function inWords<T>(names: Readonly<Record<string, string>>, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    const details = Array.isArray(error.details)
      ? error.details.map((path: unknown) =>
          Array.isArray(path) ? path.map((part) => names[String(part)] ?? part) : path,
        )
      : error.details;
    const text = error.message.replaceAll(
      /(^|; )([A-Za-z]+)(?=[:.])/g,
      (whole, before: string, field: string) => {
        const name = names[field];
        return name === undefined ? whole : `${before}${name}`;
      },
    );
    throw new PawlError(error.code, text, { details, cause: error });
  }
}
