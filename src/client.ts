/**
 * Pawl for programs: the operations of `domain/operations.ts` on Temporal. With `client/` the only place that holds a
 * Temporal client.
 *
 * ```ts
 * const pawl = await connect();
 * await pawl.run({ id: 'fix-login', requirement: 'Fix the login', repository: '/path/to/repository' });
 * for await (const state of pawl.follow('fix-login')) console.log(state.status);
 * await pawl.close();
 * ```
 */
import type { ConnectionLike } from '@temporalio/client';
import { maskFor, plannedBy } from './client/agent-words.ts';
import { type ArchivingDeps, archiveTask, forgetSession, readSessions } from './client/archiving.ts';
import { createTask, openSession, type PlanningDeps } from './client/create-task.ts';
import { type ExecutionMessage, tellExecution } from './client/execution-control.ts';
import { tellingWhatFails } from './client/failing.ts';
import { type FileDeps, readDiff, readLogs } from './client/files.ts';
import { createKeyedMutex } from './client/keyed-mutex.ts';
import type { LiveTasks } from './client/live-tasks.ts';
import { createOnce, type Once, withKeys } from './client/once.ts';
import { readOpenGates } from './client/open-gates.ts';
import { checkLoop, type LoopDeps, listLoops, showLoop } from './client/read-loops.ts';
import { removeTask } from './client/removing.ts';
import { keepUpload, type ResultDeps, readArtifact, storeResults } from './client/results.ts';
import { needVouched, refuseOwnPrograms, vouch } from './client/run-permission.ts';
import { createRunSpec, previewRun, type RunSpecDeps } from './client/run-spec.ts';
import { startExecution } from './client/start-execution.ts';
import type { StartPermits } from './client/start-permits.ts';
import { type Starter, startTask } from './client/starting.ts';
import { cancel, complete, decide, retry, tell } from './client/task-control.ts';
import { createReads, newsOf, putNew, readTask } from './client/task-reads.ts';
import { claimTask, sendMessage } from './client/task-sending.ts';
import { createClient } from './client/temporal-client.ts';
import { answeringFor } from './client/temporal-errors.ts';
import type { dashboardOperations } from './domain/dashboard-operations.ts';
import type { Failing } from './domain/engine-vitals.ts';
import { PawlError } from './domain/failures.ts';
import type { HostReads } from './domain/host-reads.ts';
import type { CallContext } from './domain/idempotency-key.ts';
import type { KeptCalls } from './domain/kept-call.ts';
import type { EngineApi, Handlers, InputOf } from './domain/operations.ts';
import { withoutNormal } from './domain/priority.ts';
import { countRows, rowOfSpec } from './domain/rows.ts';
import { localCaller } from './domain/scopes.ts';
import type { tokenOperations } from './domain/token-operations.ts';
import type { StartSeals } from './engine/start-seals.ts';

export { connect, type Pawl } from './connect.ts';
export { PawlError };

/** Calls about the engine itself, answered in its process. */
export type ProcessCalls = Pick<
  Handlers,
  'vitals' | 'restart' | keyof typeof tokenOperations | keyof typeof dashboardOperations
>;

export interface EngineApiOptions
  extends RunSpecDeps,
    FileDeps,
    PlanningDeps,
    ResultDeps,
    ArchivingDeps,
    LoopDeps {
  readonly connection: ConnectionLike;
  readonly namespace: string;
  /** Where the Temporal Web UI is; null where another Temporal is used, whose Web UI nobody has named. */
  readonly temporalUi: string | null;
  /** The connection is the worker's own: starts need no poll of the worker. */
  readonly eager: boolean;
  /** What is known of tasks without asking for them. */
  readonly live: LiveTasks;
  /** Back-pressure on starts, where the worker is in this process. */
  readonly permits?: StartPermits;
  /** Tasks whose workflow task fails, as far as workers tell. */
  readonly failing?: () => readonly Failing[];
  /** Of the home. */
  readonly seals: StartSeals;
  /** Whose calls are those that name no caller: made in this process. */
  readonly localUser: string;
  /** What only the engine's own process can do. */
  readonly processCalls: ProcessCalls;
  /** Calls under a key that the home keeps. */
  readonly keptCalls: KeptCalls;
  /** What only this host knows. */
  readonly here: Omit<HostReads, 'temporal' | 'rows' | 'executions'>;
}

/** The engine in its own process, where other calls than those of the table can be made under a key as well. */
export interface OwnEngine extends EngineApi {
  readonly once: Once;
  readonly host: HostReads;
}

/** The operations on Temporal. */
export function createEngineApi(options: EngineApiOptions): OwnEngine {
  const { connection, namespace, eager, live, permits, seals } = options;
  const client = createClient(connection, namespace);
  const reads = createReads(client, live, options.documents.archive);
  const { archive } = options.documents;
  const starter: Starter = {
    ...{ client, eager, seals, archive },
    ...(permits === undefined ? {} : { permits }),
  };
  const local = localCaller(options.localUser);
  /** What begins a task, puts it away or removes it: between a look at its latest run and the act no other may begin. */
  const inTurn = createKeyedMutex();
  const run = async (input: InputOf<'run'>, { caller = local, keyed }: CallContext) => {
    refuseOwnPrograms(caller, input);
    const spec = await createRunSpec(options, input, (found) => needVouched(options, caller, found));
    const { isNew, ...started } = await startTask(starter, spec, { request: withoutNormal(input), keyed });
    await vouch(options, caller, spec);
    if (isNew) await putNew(reads, rowOfSpec(spec, options.now().toISOString()));
    return started;
  };
  const callerIn = ({ caller = local }: CallContext = {}) => caller;
  const told =
    <N extends ExecutionMessage>(name: N) =>
    (input: InputOf<N>, context?: CallContext) =>
      tellExecution(client, live.executions, name, named(input, context), callerIn(context));
  const calls: Handlers = {
    run: (input, context = {}) => inTurn(input.id, () => run(input, context)),
    preview: async (input, context) => {
      refuseOwnPrograms(callerIn(context), input);
      return previewRun(options, input, (found) => needVouched(options, callerIn(context), found));
    },
    create: (input, { caller, keyed } = {}) =>
      inTurn(input.id, () =>
        createTask(starter, reads, options, plannedBy(caller, input, options.mask), keyed),
      ),
    list: (input) => reads.select(input),
    count: async ({ session }) => countRows(await reads.rows(), session),
    show: ({ id }) => readTask(reads, id),
    update: async (input, context) => {
      const { id, ...message } = await storeResults(
        { ...options, mask: maskFor(options.mask, context?.caller) },
        reads,
        named(input, context),
      );
      return sendMessage(reads, id, 'update', message);
    },
    claim: (input, context) => {
      const { id, ...message } = named(input, context);
      return claimTask(reads, id, { ...message, by: callerIn(context).name });
    },
    complete: async (input, context) =>
      complete(reads, await storeResults(options, reads, named(input, context)), callerIn(context)),
    archive: (input, context) => inTurn(input.id, () => archiveTask(options, reads, input, context?.keyed)),
    remove: (input, context) => inTurn(input.id, () => removeTask(options, reads, input, context?.keyed)),
    upload: (input) => keepUpload(options, input),
    artifact: (input) => readArtifact(options, input),
    open: (input, context) => openSession(options, input, context?.keyed),
    sessions: () => readSessions(options, reads),
    ...options.processCalls,
    loops: (input, context) => listLoops(options, callerIn(context), input),
    loop: (input, context) => showLoop(options, callerIn(context), input),
    checkLoop: (input, context) => checkLoop(options, callerIn(context), input),
    startExecution: (input, context) =>
      inTurn(input.id, () =>
        startExecution({ client, eager, seals }, options, input, callerIn(context), context?.keyed),
      ),
    executions: (input) => live.executions.list(input),
    execution: ({ id }) => live.executions.state(id),
    updateExecution: told('updateExecution'),
    completeSkill: told('completeSkill'),
    decideGate: told('decideGate'),
    steerExecution: told('steerExecution'),
    forget: (input, context) => forgetSession(options, reads, input, context?.keyed),
    gates: async () => ({ gates: await readOpenGates(reads, live.executions) }),
    approve: (input, context) =>
      decide(reads, { ...named(input, context), decision: 'approve' }, callerIn(context)),
    reject: (input, context) =>
      decide(reads, { ...named(input, context), decision: 'reject' }, callerIn(context)),
    tell: (input, context) => tell(reads, named(input, context), callerIn(context)),
    retry: (input, context) =>
      inTurn(input.id, () =>
        retry(starter, reads, input, { caller: callerIn(context), keyed: context?.keyed }),
      ),
    cancel: ({ id }, context) => cancel(reads, id, callerIn(context).name, context?.keyed),
    diff: async ({ id }) => readDiff(options, await readTask(reads, id)),
    logs: async (input) => readLogs(options, await readTask(reads, input.id), input),
  };
  const answering = tellingWhatFails(answeringFor(calls), options.failing ?? (() => []));
  const once = createOnce(options.keptCalls);
  return {
    ...withKeys(answering, once, local),
    once,
    host: {
      ...options.here,
      temporal: { namespace, ui: options.temporalUi },
      rows: reads.rows,
      executions: live.executions.rows,
    },
    news: (id, signal) => newsOf(reads, id, signal),
    executionStates: live.executions.news,
    events: live.events,
  };
}

/** A message under a key has its id, so that the task itself answers the same message again as the first time. */
const named = <M extends { readonly messageId?: string | undefined }>(
  message: M,
  { keyed }: CallContext = {},
): M =>
  keyed === undefined || message.messageId !== undefined ? message : { ...message, messageId: keyed.id };
