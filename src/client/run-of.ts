/**
 * How a run of a task or an execution stands, by Temporal's own word. A workflow of another type than its id's form says is none
 * of them, whoever started it: here that is looked at for everybody who reads one.
 */
import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import { type WorkflowType, workflowTypeOf } from '../domain/ids.ts';

/** Whether this workflow is the task or the execution that its id says. */
export const isOwn = ({ workflowId, type }: Pick<WorkflowExecutionInfo, 'workflowId' | 'type'>): boolean =>
  type === workflowTypeOf(workflowId);

/** A run by its id, or the latest; undefined where there is none, or the id is that of a workflow of another type. */
export async function runOf(
  client: Client,
  id: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  const run = await anyRunOf(client, id, runId);
  return run !== undefined && isOwn(run) ? run : undefined;
}

/** The latest run. @throws PawlError `not_found`, in words that say what has the id where that is something else */
export async function describe(client: Client, id: string): Promise<WorkflowExecutionDescription> {
  const run = await anyRunOf(client, id);
  if (run === undefined) throw unknown(id);
  if (!isOwn(run)) throw new PawlError('not_found', `${id} is ${whatIs(run.type)}, not ${aOf(id)}`);
  return run;
}

/** Every run of the id that Temporal's visibility shows by now, of the type that it has to have. */
export async function* listRunsOf(client: Client, id: string): AsyncGenerator<WorkflowExecutionInfo> {
  for await (const run of client.workflow.list({ query: `WorkflowId = '${id}'` })) if (isOwn(run)) yield run;
}

/** What else than a task or execution of this id has it; undefined where nothing has. */
async function otherUnder(client: Client, id: string): Promise<string | undefined> {
  const run = await anyRunOf(client, id);
  return run === undefined || isOwn(run) ? undefined : whatIs(run.type);
}

/** @throws PawlError `conflict` where something else has the id */
export async function refuseOther(client: Client, id: string): Promise<void> {
  const other = await otherUnder(client, id);
  if (other !== undefined)
    throw new PawlError('conflict', `the id ${id} is that of ${other}: choose another id`);
}

/** The word for what an id names. Of an id of neither form it is as for a task's. */
export const nounOf = (id: string): WorkflowType => workflowTypeOf(id) ?? 'task';

export const unknown = (id: string): PawlError =>
  new PawlError(
    'not_found',
    `there is no ${nounOf(id)} ${id}: \`${LISTED_BY[nounOf(id)]}\` shows those there are`,
  );

const LISTED_BY: Readonly<Record<WorkflowType, string>> = {
  task: 'pawl list',
  execution: 'pawl execution list',
};

async function anyRunOf(
  client: Client,
  id: string,
  runId?: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(id, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** How a workflow has ended, by Temporal's word; undefined while it is open. */
export function endOf({
  status,
}: Pick<WorkflowExecutionInfo, 'status'>): 'completed' | 'failed' | 'cancelled' | undefined {
  switch (status.name) {
    case 'COMPLETED':
      return 'completed';
    case 'CANCELLED':
    case 'TERMINATED':
      return 'cancelled';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    default:
      return undefined;
  }
}

const ARTICLED: Readonly<Record<WorkflowType, string>> = { task: 'a task', execution: 'an execution' };
const aOf = (id: string): string => ARTICLED[nounOf(id)];
const whatIs = (type: string): string =>
  type === 'task' || type === 'execution' ? ARTICLED[type] : `a workflow of type ${type}`;
