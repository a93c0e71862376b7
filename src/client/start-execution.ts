/** Starting an execution: its loop is read and pinned, its inputs are looked at, before anything begins. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { digestOf } from '../domain/digest.ts';
import { type Execution, newRecord } from '../domain/executions/execution-record.ts';
import { executionFacts } from '../domain/executions/execution-rows.ts';
import type { ExecutionSpec } from '../domain/executions/execution-spec.ts';
import { viewOf } from '../domain/executions/execution-view.ts';
import { settle } from '../domain/executions/settle.ts';
import { PawlError } from '../domain/failures.ts';
import type { Keyed } from '../domain/idempotency-key.ts';
import { branchOf } from '../domain/ids.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import { refusalOfFaults } from '../domain/loops/found-loop.ts';
import { GUIDE_FILE, type PinnedGuide } from '../domain/loops/guide.ts';
import { inputsFor } from '../domain/loops/inputs.ts';
import type { InputOf, OutputOf } from '../domain/operations.ts';
import { unusualIn, withoutNormal } from '../domain/priority.ts';
import type { Caller } from '../domain/scopes.ts';
import { otherBody, partsOfBody } from '../domain/start-body.ts';
import { EDITION } from '../domain/task-record.ts';
import type { StartSeals } from '../engine/start-seals.ts';
import type { execution } from '../workflows/execution.ts';
import { pinOf } from './pin-runs.ts';
import { checksOf, type LoopDeps, type LoopsThere, loopNotFound, uncommittedLoop } from './read-loops.ts';
import { refuseOther, runOf } from './run-of.ts';
import { needVouched, type RunPermissionDeps, vouch } from './run-permission.ts';
import type { RunSpecDeps } from './run-spec.ts';
import { type BeginBy, startWorkflow } from './start-workflow.ts';

export interface ExecutionStartDeps extends LoopDeps, RunPermissionDeps, Pick<RunSpecDeps, 'store'> {
  readonly host: string;
}

interface Starter extends BeginBy {
  readonly seals: StartSeals;
}

/**
 * Idempotent by id.
 * @throws PawlError `not_found` for a loop that is not there, `invalid_input` naming each fault of it and each wrong input,
 * `conflict` for another body under the id, `forbidden`, `precondition` as for a run
 */
export async function startExecution(
  starter: Starter,
  deps: ExecutionStartDeps,
  input: InputOf<'startExecution'>,
  caller: Caller,
  keyed: Keyed | undefined,
): Promise<OutputOf<'startExecution'>> {
  const found = await deps.findRepository(input.project, undefined);
  await needVouched(deps, caller, found);
  const request = withoutNormal(input);
  const again = await startedBefore(starter.client, input.id, request);
  const answer = { id: input.id, ...(input.driver === 'engine' && { branch: branchOf(input.id) }) };
  if (again !== undefined) return { ...answer, created: keyed !== undefined && again.key === keyed.id };
  const spec = await specOf(deps, input, caller, found);
  const created = await start(starter, spec, { request, keyed });
  await vouch(deps, caller, found);
  return { ...answer, created };
}

type Found = Awaited<ReturnType<LoopDeps['findRepository']>>;

async function specOf(
  deps: ExecutionStartDeps,
  { id, loop: name, inputs, autonomy, mode, driver, title, priority }: InputOf<'startExecution'>,
  caller: Caller,
  { repository, base, baseCommit }: Found,
): Promise<ExecutionSpec> {
  const configuration = await deps.configurationOf(repository, baseCommit);
  const loops = deps.loopsAt({ repository, commit: baseCommit, configuration });
  const all = await loops.all();
  const found = all.find((one) => one.id === name);
  if (found === undefined)
    throw loopNotFound(
      name,
      all,
      { repository },
      (await uncommittedLoop(deps, name, { repository, configuration }))?.file,
    );
  if (!found.read.ok) throw refusalOfFaults(found.read.faults);
  const { loop, digest } = found.read;
  const { values, problems } = inputsFor(loop, inputs);
  if (problems.length > 0)
    throw new PawlError('invalid_input', problems.map((problem) => `inputs.${problem}`).join('; '), {
      details: [['inputs']],
    });
  const checks = checksOf(loop, configuration);
  return {
    ...{ id, loop, digest, source: { source: found.source, file: found.file }, inputs: values },
    title: title ?? clip(loop.title ?? loop.loop, LIMITS.titleShownCharsMax),
    requester: caller.name,
    project: repository,
    ...{ baseCommit, autonomy, checks, host: deps.host },
    ...(mode !== undefined && { mode }),
    ...unusualIn(priority),
    ...(driver === 'engine' && {
      ...{ base, mergesInOrder: true, sharesBudget: true, guides: foldersOf(found.read.guides) },
      guideTexts: await storeGuides(deps, loops, found.read.guides),
    }),
    startedAt: deps.now().toISOString(),
  };
}

const foldersOf = (guides: readonly PinnedGuide[]): Readonly<Record<string, string>> =>
  Object.fromEntries(guides.map(({ name, folder }) => [name, folder]));

/** @throws PawlError `conflict` for one that is another by now than the one that the loop was read with */
async function storeGuides(
  { store }: Pick<RunSpecDeps, 'store'>,
  loops: Pick<LoopsThere, 'guideText'>,
  guides: readonly PinnedGuide[],
): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const { name, files } of guides) {
    const text = await loops.guideText(name);
    const digest = text === undefined ? undefined : await store(text);
    if (digest === undefined || digest !== files[GUIDE_FILE])
      throw new PawlError('conflict', `the guide ${name} was changed while it was read: start again`);
    texts[name] = digest;
  }
  return texts;
}

/** @throws PawlError `conflict` for another body, or where the id is that of something else */
async function startedBefore(
  client: Client,
  id: string,
  request: object,
): Promise<{ readonly key: unknown } | undefined> {
  await refuseOther(client, id);
  const found = await runOf(client, id);
  if (found === undefined) return undefined;
  if (found.memo?.digest === digestOf(request)) return { key: found.memo?.key };
  throw otherBody({ id, memo: found.memo }, request);
}

/** How its workflow leaves it before anybody says anything. */
function begunBy(spec: ExecutionSpec): Execution {
  const begun = { spec, record: newRecord(spec) };
  settle(begun, spec.startedAt);
  return begun;
}

/** @returns false where it was started meanwhile, by the same call */
async function start(
  starter: Starter,
  spec: ExecutionSpec,
  { request, keyed }: { readonly request: object; readonly keyed: Keyed | undefined },
): Promise<boolean> {
  const { id, title, loop, requester, priority, project } = spec;
  const pinned = pinOf(starter.seals, spec);
  try {
    await startWorkflow<typeof execution>(starter, {
      ...{ type: 'execution', kind: 'execution', status: 'active', id, title, repository: project },
      args: [{ spec, edition: EDITION, seal: starter.seals.of(spec), ...(pinned && { pinned }) }],
      ...{ digest: digestOf(request), parts: partsOfBody(request), keyed },
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      words: { title, loop: loop.loop, requester, ...unusualIn(priority), startedAt: spec.startedAt },
      facts: JSON.stringify(executionFacts(viewOf(begunBy(spec)))),
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await startedBefore(starter.client, id, request);
    return false;
  }
}
