/** What the pipeline's clients may ask and an engine never does: it says so, and what is done instead. */
import { z } from 'zod';
import { PawlError } from '../../../domain/failures.ts';
import { TaskId } from '../../../domain/ids.ts';
import { route } from './route.ts';

/** An engine may serve many people and repositories: one call must not end the work of all of them. */
export const resetProject = route({
  name: 'resetProject',
  summary:
    'Says what there is instead of a reset: nothing that has ended is lost, and nothing is cleared at once',
  method: 'POST',
  path: '/api/project/reset',
  scope: 'approve',
  input: z.strictObject({}),
  output: z.object({}),
  async answer() {
    throw new PawlError(
      'precondition',
      'nothing was reset: what is under way is ended one by one (pawl cancel ID, POST /api/tasks/ID/cancel), what has ended is put away (pawl archive ID, POST /api/tasks/ID/archive) and stays to be seen; to begin with nothing, start an engine with another PAWL_HOME',
    );
  },
});

/** What an agent has written is run in checks alone: their processes are bounded, ended and seen. */
export const runWorkspaceFile = route({
  name: 'runWorkspaceFile',
  summary: 'Says what there is instead of running a file of a workspace: none is run',
  method: 'POST',
  path: '/api/workspace/run/{path}',
  scope: 'operate',
  input: z.strictObject({ path: z.string().min(1).max(4096), task: TaskId.optional() }),
  output: z.object({}),
  async answer() {
    throw new PawlError(
      'precondition',
      'nothing was run: the engine starts nothing that an agent wrote but the checks of the task (checks in pawl.yaml); pawl shell TASK opens its workspace, to run the file yourself',
    );
  },
});
