/** The sample requirement on the sample repository: run, followed, or found to be done. */
import { PawlError } from '../../domain/failures.ts';
import { TaskId } from '../../domain/ids.ts';
import type { EngineClient } from '../../domain/operations.ts';
import { isClosed, type TaskState } from '../../domain/task-state.ts';
import { EXIT } from './exit.ts';
import { followTask } from './follow-task.ts';
import type { Following } from './following.ts';
import type { Sample } from './world.ts';

export const SAMPLE_REQUIREMENT = 'Make the tests pass and the linter clean';
/** A bound for the search of the next id; each is one sample run on this home. */
const RUNS_MAX = 10_000;

/** The exit code of what the sample came to: 0 only when its change is merged. */
export async function runSample(following: Following, { yes }: { readonly yes: boolean }): Promise<number> {
  const { world, engine, telling } = following;
  const sample = await world.sample();
  if (sample === undefined) {
    telling.notice(
      'the sample needs the tools of a clone of Pawl, so it is not run here: try pawl run "…" in a repository',
    );
    return EXIT.done;
  }
  const { id, state } = await nextRun(engine, sample);
  if (state?.status === 'completed') {
    telling.document({ task: state });
    telling.say(`✔ the sample's change is merged already: ${sample.repository}, task ${id}`);
    return EXIT.done;
  }
  const startedAtMs = world.now();
  const created = state === undefined;
  if (created) await engine.run(runOf(id, sample));
  return followTask(following, id, { yes, agent: 'command', ...(created ? { startedAtMs } : {}) });
}

/**
 * The run that counts: the one whose change is merged, the one that is not over, or else the first id that is free.
 * A run that failed, or whose merge the sample's main branch has lost since, is followed by another.
 */
async function nextRun(
  engine: EngineClient,
  sample: Sample,
): Promise<{ readonly id: TaskId; readonly state: TaskState | undefined }> {
  for (let run = 1; run <= RUNS_MAX; run++) {
    const id = TaskId.parse(`make-green-${run}`);
    const state = await stateOf(engine, id);
    if (state === undefined || !isClosed(state.status)) return { id, state };
    const { status, mergedCommit } = state;
    if (status === 'completed' && mergedCommit !== null && (await sample.isMerged(mergedCommit)))
      return { id, state };
  }
  throw new PawlError('precondition', `the sample has run ${RUNS_MAX} times here: use another PAWL_HOME`);
}

async function stateOf(engine: EngineClient, id: TaskId): Promise<TaskState | undefined> {
  try {
    return await engine.show({ id });
  } catch (error) {
    if (error instanceof PawlError && error.code === 'not_found') return undefined;
    throw error;
  }
}

const runOf = (id: TaskId, { repository, agent, checks }: Sample) => ({
  id,
  requirement: SAMPLE_REQUIREMENT,
  repository,
  base: 'main',
  agent: { name: 'command', command: agent },
  checks: [...checks],
});
