/** Starting tasks. A start is idempotent by id: the same id and body finds the task, another body is a conflict. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { digestOf } from '../domain/digest.ts';
import type { Archived, DocumentStore } from '../domain/documents.ts';
import { PawlError } from '../domain/failures.ts';
import type { Keyed } from '../domain/idempotency-key.ts';
import type { TaskId } from '../domain/ids.ts';
import { phaseOf } from '../domain/lifecycle.ts';
import { dependenciesOf } from '../domain/plan.ts';
import { memoOf } from '../domain/row-memo.ts';
import { type Caller, needScope } from '../domain/scopes.ts';
import type { SkillTask } from '../domain/skill-task.ts';
import { otherBody, partsOfBody } from '../domain/start-body.ts';
import { EDITION } from '../domain/task-record.ts';
import { TaskSpec } from '../domain/task-spec.ts';
import type { TaskState } from '../domain/task-state.ts';
import type { StartSeals } from '../engine/start-seals.ts';
import { payloadConverter } from '../workflows/payload-converter.ts';
import type { TaskInput, task } from '../workflows/task.ts';
import { isGone } from './removal-notes.ts';
import { describe, listRunsOf, refuseOther, runOf } from './run-of.ts';
import type { StartPermits } from './start-permits.ts';
import { type BeginBy, type Begun, startWorkflow } from './start-workflow.ts';

const WORKFLOW_TYPE = 'task';

export interface Starter extends BeginBy {
  /** Where the worker is in this process, and says which workflows have begun. */
  readonly permits?: StartPermits;
  readonly seals: StartSeals;
  /** Whose id is not free yet because it was removed a moment ago. */
  readonly archive: DocumentStore<Archived>;
}

/**
 * @throws PawlError `conflict` for another body under the id; `unavailable` where too many begin, or a task of the id was just
 * removed, and nothing was started
 */
export const startTask = (starter: Starter, spec: TaskSpec, asked: Asked): Promise<StartedTask> =>
  withPermit(starter, spec.id, () => startOnce(starter, spec, asked));

export interface StartedTask {
  readonly id: TaskId;
  /** Said again to the call with the key that did it. */
  readonly created: boolean;
  /** By this very call. */
  readonly isNew: boolean;
}

export interface Asked {
  /** What the caller asked for: a resend carries the same, whatever the engine fills in meanwhile. */
  readonly request: object;
  /** The run keeps the key, so that the call that began it knows it again. */
  readonly keyed: Keyed | undefined;
  /** Tasks that wait for one of its id already, which was removed. */
  readonly dependants?: readonly string[];
}

const withPermit = (
  { permits }: Starter,
  id: TaskId,
  act: () => Promise<StartedTask>,
): Promise<StartedTask> => (permits === undefined ? act() : permits.start(id, act));

async function startOnce(starter: Starter, spec: TaskSpec, asked: Asked): Promise<StartedTask> {
  const { request, keyed, dependants = [] } = asked;
  const digest = digestOf(request);
  try {
    const before = dependants.length === 0 ? {} : { dependants };
    const of = { digest, parts: partsOfBody(request), keyed };
    await start(starter, spec, of, 'REJECT_DUPLICATE', before);
    return { id: spec.id, created: true, isNew: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await refuseOther(starter.client, spec.id);
    const { memo } = await describe(starter.client, spec.id);
    const kept = await starter.archive.read(spec.id);
    if (kept !== undefined && (await isGone(starter.client, kept))) throw notFreeYet(spec.id);
    if (memo?.digest === digest)
      return { id: spec.id, created: await isBegunUnder(starter.client, spec.id, keyed), isNew: false };
    throw otherBody({ id: spec.id, memo }, request);
  }
}

/** How long the server usually takes to delete a history. */
const DELETED_MS = 60_000;
const notFreeYet = (id: string): PawlError =>
  new PawlError(
    'unavailable',
    `task ${id} was removed, and its id is free once Temporal has deleted its history: try again in a minute, or choose another id`,
    { details: { retryAfterMs: DELETED_MS } },
  );

/**
 * Starts a failed or cancelled task again under its id, with the words that it has now, for those that still wait for it.
 * @throws PawlError `conflict` when it is neither; `forbidden` as `specToRestart`; `unavailable` as `startTask`
 */
export const restartTask = (starter: Starter, state: TaskState, by: By): Promise<StartedTask> =>
  withPermit(starter, state.id, () => restartOnce(starter, state, by));

export interface By {
  readonly caller: Caller;
  readonly keyed: Keyed | undefined;
  /** Whether the run begins without the work of the one before. */
  readonly fresh?: boolean;
}

async function restartOnce(
  starter: Starter,
  state: TaskState,
  { caller, keyed, fresh = false }: By,
): Promise<StartedTask> {
  const { id, dependants, said } = state;
  const spec = await specToRestart(starter, id, caller);
  const { memo, status } = await describe(starter.client, id);
  try {
    await start(
      starter,
      withWordsOf(state, spec),
      { ...begunWith(memo), keyed },
      'ALLOW_DUPLICATE_FAILED_ONLY',
      {
        ...(spec.kind === 'agent_run' && !fresh && { goesOn: true as const }),
        ...(dependants !== undefined && { dependants }),
        ...(said !== undefined && { said }),
      },
    );
    return { id, created: true, isNew: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const now = status.name.toLowerCase();
    throw new PawlError('conflict', `only a failed or cancelled task can be run again; ${id} is ${now}`);
  }
}

/** As its caller asked for it, whoever runs it again. */
const begunWith = (memo: Readonly<Record<string, unknown>> | undefined) => ({
  digest: String(memo?.digest),
  ...(memo?.parts !== undefined && { parts: memo.parts as Readonly<Record<string, string>> }), // as a start put it there
});

/**
 * Run again, a run is sealed anew: one without a seal (of an older Pawl, or started past the engine) may bring any program, so
 * only who may bring programs runs it again.
 */
async function specToRestart({ client, seals }: Starter, id: TaskId, caller: Caller): Promise<TaskSpec> {
  const { spec: given, seal } = await startOf(client, id);
  const spec = TaskSpec.safeParse(given);
  if (!spec.success)
    throw new PawlError('conflict', `task ${id} was not started by Pawl and cannot be run again`);
  if (spec.data.kind === 'agent_run' && spec.data.skill !== undefined)
    throw new PawlError('conflict', ofExecution(id, spec.data.skill));
  if (spec.data.kind === 'agent_run' && !seals.isOf(id, { spec: digestOf(given), seal }))
    needScope(caller, 'approve');
  return spec.data;
}

/** The execution would not hear of another run of it. */
const ofExecution = (id: TaskId, { execution, skill }: SkillTask): string =>
  `task ${id} does the skill ${skill} of the execution ${execution}: \`pawl execution retry ${execution} ${skill}\` has it done again`;

/**
 * What the latest run of a task was started with, from its first event; of one that was started by hand it may be anything, of a
 * workflow of another type it is nothing.
 */
export async function startOf(client: Client, id: TaskId): Promise<Partial<TaskInput>> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId: id },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const payloads = started?.workflowType?.name === WORKFLOW_TYPE ? (started.input?.payloads ?? []) : [];
  const [input] = payloads.map((payload) => payloadConverter.fromPayload<Partial<TaskInput>>(payload));
  return input ?? {};
}

/** What updates have changed since it was planned. */
function withWordsOf(
  { title, description, context, plan, openDependencies = [] }: TaskState,
  spec: TaskSpec,
): TaskSpec {
  if (spec.kind === 'agent_run') return { ...spec, title };
  const done = plan?.dependencies?.filter((id) => !openDependencies.includes(id)) ?? [];
  return {
    ...spec,
    title,
    description,
    ...(context === undefined ? {} : { context }),
    ...(plan === undefined ? {} : { plan }),
    ...(done.length === 0 ? {} : { done }),
  };
}

/** Whether a run of the task was begun by a call under this key: the same call, made once more over a crash, has acted already. */
export async function isBegunUnder(client: Client, id: TaskId, keyed: Keyed | undefined): Promise<boolean> {
  if (keyed === undefined) return false;
  if ((await runOf(client, id))?.memo?.key === keyed.id) return true;
  for await (const { memo } of listRunsOf(client, id)) if (memo?.key === keyed.id) return true;
  return false;
}

async function start(
  starter: Starter,
  spec: TaskSpec,
  of: Pick<Begun<typeof task>, 'digest' | 'parts' | 'keyed'>,
  workflowIdReusePolicy: Begun<typeof task>['workflowIdReusePolicy'],
  before: Pick<TaskInput, 'dependants' | 'goesOn' | 'said'> = {},
): Promise<void> {
  const isRun = spec.kind === 'agent_run';
  const waitsFor = isRun ? [] : dependenciesOf(spec.plan ?? {}, spec.done);
  const seal = isRun ? { seal: starter.seals.of(spec) } : {};
  await startWorkflow<typeof task>(starter, {
    ...{ type: WORKFLOW_TYPE, id: spec.id, title: spec.title, kind: spec.kind },
    args: [{ spec, edition: EDITION, ...seal, ...before }],
    ...{ ...of, workflowIdReusePolicy },
    status: phaseOf(waitsFor).status,
    ...(isRun && { repository: spec.repository }),
    words: memoOf(spec),
  });
}
