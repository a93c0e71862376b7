/** Starts an agent-run task past the engine's door: by the rules of another edition, or on another host. */
import { createRunSpec } from '../../src/client/run-spec.ts';
import { TASK_QUEUE } from '../../src/client/start-workflow.ts';
import { readConfig } from '../../src/config.ts';
import { type CallOf, operations } from '../../src/domain/operations.ts';
import { EDITION } from '../../src/domain/task-record.ts';
import { localDeps } from '../../src/local.ts';
import type { EngineRig } from './rig.ts';

interface StartAs {
  readonly edition?: number;
  /** Its history is full after so many events. */
  readonly eventsMax?: number;
  readonly host?: string;
}

export async function startAs(
  { home, client }: EngineRig,
  run: CallOf<'run'>,
  { edition = EDITION, eventsMax, host }: StartAs,
) {
  const deps = localDeps(readConfig({ PAWL_HOME: home }));
  const made = await createRunSpec(deps, operations.run.input.parse(run));
  const spec = host === undefined ? made : { ...made, host };
  const args = [
    { spec, seal: deps.seals.of(spec), edition, ...(eventsMax === undefined ? {} : { eventsMax }) },
  ];
  return client.workflow.start('task', {
    workflowId: spec.id,
    taskQueue: TASK_QUEUE,
    args,
    memo: { edition },
  });
}
