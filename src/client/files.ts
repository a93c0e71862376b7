/** What a reader gets from files instead of Temporal: diffs from the artifact store, output from the attempt's log. */
import { isUtf8 } from 'node:buffer';
import { byAgents } from '../domain/by-hand.ts';
import { PawlError } from '../domain/failures.ts';
import type { TaskRun } from '../domain/ids.ts';
import type { LogLine } from '../domain/operation-schemas.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import type { TaskState } from '../domain/task-state.ts';

export interface FileDeps {
  readonly readArtifact: (digest: string) => Promise<Buffer | undefined>;
  /** Complete lines from a byte offset on, and the offset to go on from. */
  readonly readLog: (
    task: TaskRun,
    attempt: number,
    offset: number,
  ) => Promise<{ readonly lines: readonly Omit<LogLine, 'attempt'>[]; readonly offset: number }>;
}

/** @throws PawlError `precondition` when the task has offered no change yet */
export async function readDiff({ readArtifact }: FileDeps, state: TaskState): Promise<OutputOf<'diff'>> {
  const { pullRequest, id } = state;
  if (pullRequest === null) {
    throw new PawlError('precondition', `task ${id} has no pull request yet: it is ${state.status}`);
  }
  const patch = await readArtifact(pullRequest.diff);
  if (patch === undefined)
    throw new PawlError('not_found', `the diff of ${id} is no longer in the artifact store`);
  const { commit } = pullRequest;
  const text = patch.toString('utf8');
  return { id, commit, patch: text, ...(isUtf8(patch) ? {} : { bytes: patch.toString('base64') }) };
}

/** The latest attempt's output, or the named one's. */
export async function readLogs(
  { readLog }: FileDeps,
  state: TaskState,
  { attempt: asked, offset }: InputOf<'logs'>,
): Promise<OutputOf<'logs'>> {
  // What a person did by hand was printed by nobody.
  const attempt = asked ?? byAgents(state.attempts).at(-1)?.number ?? 0;
  if (attempt === 0) return { lines: [], attempt: 1, offset: 0 };
  if (attempt > state.attempts.length) {
    throw new PawlError(
      'invalid_input',
      `expected an attempt from 1 to ${state.attempts.length}, got ${attempt}`,
    );
  }
  const read = await readLog(state, attempt, offset);
  return { lines: read.lines.map((line) => ({ ...line, attempt })), attempt, offset: read.offset };
}
