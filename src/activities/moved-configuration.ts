/** Reads `pawl.yaml` of a base that has moved. */
import { baseConfiguration, type MovedConfiguration } from '../domain/base-configuration.ts';
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { PawlError } from '../domain/failures.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import type { TaskRef } from '../domain/steps.ts';
import type { ActivityDeps } from './deps.ts';

/** @returns undefined where it says what it said before, to the letter, or where that of another commit counts, as of a skill */
export async function movedConfiguration(
  { workspaces, parseConfiguration }: Pick<ActivityDeps, 'workspaces' | 'parseConfiguration'>,
  task: TaskRef,
  before: string,
  tip: string,
): Promise<MovedConfiguration | undefined> {
  if (task.trunk !== undefined) return undefined;
  const was = await workspaces.fileAt(task, before, CONFIGURATION_FILE);
  const text = await workspaces.fileAt(task, tip, CONFIGURATION_FILE);
  if (text === was) return undefined;
  try {
    return { kind: 'read', ...baseConfiguration(parseConfiguration(text ?? '')) };
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return { kind: 'problem', problem: clip(error.message, LIMITS.noteCharsMax) };
  }
}
