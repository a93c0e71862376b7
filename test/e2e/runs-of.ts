/** Every run that Temporal's lists have of a task, the latest first. */
import type { Client } from '@temporalio/client';

export async function runsOf(client: Client, id: string) {
  const found = [];
  for await (const { runId, status } of client.workflow.list({ query: `WorkflowId = '${id}'` }))
    found.push({ runId, status: status.name });
  return found;
}
