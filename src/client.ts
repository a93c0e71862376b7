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
import { createAnswers } from './client/answers.ts';
import { type ArchivingDeps, archiveTask, forgetSession, readSessions } from './client/archiving.ts';
import { createTask, openSession, type PlanningDeps } from './client/create-task.ts';
import { tellingWhatFails } from './client/failing.ts';
import { type FileDeps, readDiff, readLogs } from './client/files.ts';
import { createKeyedMutex } from './client/keyed-mutex.ts';
import type { LiveTasks } from './client/live-tasks.ts';
import { removeTask } from './client/removing.ts';
import { keepUpload, type ResultDeps, readArtifact, storeResults } from './client/results.ts';
import { needVouched, refuseOwnPrograms, vouch } from './client/run-permission.ts';
import { createRunSpec, type RunSpecDeps } from './client/run-spec.ts';
import { claimTask, sendMessage } from './client/sending.ts';
import type { StartPermits } from './client/start-permits.ts';
import { type Starter, startTask } from './client/starting.ts';
import { cancel, complete, decide, readOpenGates, retry, tell } from './client/task-control.ts';
import { createReads, putNew, readTask } from './client/task-reads.ts';
import { createClient } from './client/temporal-client.ts';
import { answeringFor } from './client/temporal-errors.ts';
import type { FailingTask } from './domain/engine-vitals.ts';
import { PawlError } from './domain/failures.ts';
import type { EngineApi, Handlers, InputOf } from './domain/operations.ts';
import { countRows, rowOfSpec } from './domain/rows.ts';
import { localCaller } from './domain/scopes.ts';
import type { StartSeals } from './engine/start-seals.ts';

export { connect, type Pawl } from './connect.ts';
export { PawlError };

/** Calls about the engine itself, answered in its process. */
export type ProcessCalls = Pick<Handlers, 'vitals' | 'restart' | 'createToken' | 'tokens' | 'revokeToken'>;

export interface EngineApiOptions extends RunSpecDeps, FileDeps, PlanningDeps, ResultDeps, ArchivingDeps {
  readonly connection: ConnectionLike;
  readonly namespace: string;
  /** The connection is the worker's own: starts need no poll of the worker. */
  readonly eager: boolean;
  /** What is known of tasks without asking for them. */
  readonly live: LiveTasks;
  /** Back-pressure on starts, where the worker is in this process. */
  readonly permits?: StartPermits;
  /** Tasks whose workflow task fails, where the worker is in this process. */
  readonly failing?: () => readonly FailingTask[];
  /** Of the home. */
  readonly seals: StartSeals;
  /** Whose calls are those that name no caller: made in this process. */
  readonly localUser: string;
  /** What only the engine's own process can do. */
  readonly processCalls: ProcessCalls;
}

/** The operations on Temporal. */
export function createEngineApi(options: EngineApiOptions): EngineApi {
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
  const run = async (input: InputOf<'run'>, caller = local) => {
    refuseOwnPrograms(caller, input);
    const spec = await createRunSpec(options, input, (found) => needVouched(options, caller, found));
    const started = await startTask(starter, spec, input);
    await vouch(options, caller, spec);
    if (started.created) await putNew(reads, rowOfSpec(spec, options.now().toISOString()));
    return started;
  };
  const calls: Handlers = {
    run: (input, caller) => inTurn(input.id, () => run(input, caller)),
    create: (input, caller) =>
      inTurn(input.id, () => createTask(starter, reads, options, plannedBy(caller, input, options.mask))),
    list: (input) => reads.select(input),
    count: async ({ session }) => countRows(await reads.rows(), session),
    show: ({ id }) => readTask(reads, id),
    update: async (input, caller) => {
      const { id, ...message } = await storeResults(
        { ...options, mask: maskFor(options.mask, caller) },
        reads,
        input,
      );
      return sendMessage(client, id, 'update', message);
    },
    claim: ({ id, ...message }, caller = local) => claimTask(client, id, { ...message, by: caller.name }),
    complete: async (input, caller = local) =>
      complete(client, await storeResults(options, reads, input), caller),
    archive: (input) => inTurn(input.id, () => archiveTask(options, reads, input)),
    remove: (input) => inTurn(input.id, () => removeTask(options, reads, input)),
    upload: (input) => keepUpload(options, input),
    artifact: (input) => readArtifact(options, input),
    open: (input) => openSession(options, input),
    sessions: () => readSessions(options, reads),
    answer: createAnswers(options.documents.answers),
    ...options.processCalls,
    forget: (input) => forgetSession(options, reads, input),
    gates: async () => ({ gates: await readOpenGates(reads) }),
    approve: (input, { name: by } = local) => decide(client, { ...input, decision: 'approve', by }),
    reject: (input, { name: by } = local) => decide(client, { ...input, decision: 'reject', by }),
    tell: (input, caller = local) => tell(client, input, caller),
    retry: ({ id }, caller = local) => inTurn(id, () => retry(starter, reads, id, caller)),
    cancel: ({ id }, { name: by } = local) => cancel(reads, id, by),
    diff: async ({ id }) => readDiff(options, await reads.state(id)),
    logs: async (input) => readLogs(options, await reads.state(input.id), input),
  };
  const answering = tellingWhatFails(answeringFor(calls), options.failing ?? (() => []));
  return {
    ...answering,
    news: live.news,
    events: live.events,
  };
}
