/**
 * The oracle of every test that runs workflows: what they left behind is read cold, with the workflows as they are now. It
 * knows nothing of the code under test but its bundle, and asks the server alone.
 */
import { type Client, isGrpcServiceError, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect } from 'vitest';
import { modulePath } from '../../src/module-path.ts';
import { silentSinks } from '../../src/worker/silent-sinks.ts';
import { workflowBundle } from '../../src/workflow-bundle.ts';
import { quietSdk } from './quiet-sdk.ts';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * Every history that this server has replays, but for those of runs that were begun anew because theirs does not.
 * @param except tasks of which a test has left a run that nobody needs any more and nobody can read
 */
export async function expectAllReplay(client: Client, except: readonly string[] = []): Promise<void> {
  const runs: Run[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ pageSize: 500 })) {
    if (!except.includes(workflowId)) runs.push({ workflowId, runId });
  }
  await expectReplay(client, runs);
}

/** The same for a server that has no lists: these tasks, and all runs that they continued from. */
export async function expectTasksReplay(client: Client, ids: readonly string[]): Promise<void> {
  const runs: Run[] = [];
  for (const workflowId of ids) {
    let { runId } = await client.workflow.getHandle(workflowId).describe();
    while (runId !== '') {
      runs.push({ workflowId, runId });
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    }
  }
  await expectReplay(client, runs);
}

async function expectReplay(client: Client, runs: readonly Run[]): Promise<void> {
  quietSdk();
  const replayed: (Run & { readonly history: History })[] = [];
  const faults: string[] = [];
  let told = 0;
  // One after the other, in the order of the histories; a run is told by an id of the replay's own.
  for await (const { error } of Worker.runReplayHistories(await replayOptions(), histories())) {
    const run = replayed[told];
    told += 1;
    if (error === undefined || run === undefined || (await wasBegunAnew(client, run))) continue;
    faults.push(`${run.workflowId} ${run.runId}: ${error.message}\n${outlineOf(run.history)}`);
  }
  expect(told).toBe(replayed.length);
  expect(faults, faults.join('\n')).toEqual([]);

  async function* histories() {
    for (const run of runs) {
      const history = await historyOf(client, run);
      if (history === undefined || !hasDoneAnything(history)) continue;
      replayed.push({ ...run, history });
      yield { workflowId: run.workflowId, history };
    }
  }
}

/** gRPC's own number. */
const NOT_FOUND = 5;

/** undefined for one of a removed task: the server deletes it a moment after it was listed. */
async function historyOf(client: Client, { workflowId, runId }: Run): Promise<History | undefined> {
  try {
    return await client.workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Where it has not there is nothing to compare, and the SDK would wait for ever. */
export const hasDoneAnything = ({ events }: History): boolean =>
  events?.some(({ workflowTaskCompletedEventAttributes: one }) => one != null) === true;

/** Its events by name, for whoever finds the fault in a log. */
function outlineOf(history: History): string {
  const { events }: { events: { eventId: string; eventType: string }[] } = JSON.parse(historyToJSON(history));
  return events.map(({ eventId, eventType }) => `${eventId} ${eventType}`).join(', ');
}

async function wasBegunAnew(client: Client, { workflowId, runId }: Run): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  return Boolean(raw.workflowExtendedInfo?.resetRunId);
}

/** What a history needs to be replayed; with another bundle by the workflows in that. */
export const replayOptions = async (bundle?: { readonly codePath: string }) => ({
  workflowBundle: bundle ?? (await workflowBundle()),
  dataConverter: { payloadConverterPath: modulePath('workflows/payload-converter') },
  sinks: silentSinks,
});
