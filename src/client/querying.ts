/** Asking a task's workflow. */
import { type Client, isGrpcDeadlineError, type WorkflowHandle } from '@temporalio/client';
import { createTurns } from './turns.ts';

const GIVE_UP_MS = 10_000;
/**
 * The worker's core loses a query that comes while it evicts the workflow because it is closed ("leftover buffered tasks
 * when evicting run" in its log): nobody would answer it. So one is asked at a time, and again.
 */
const ASK_AGAIN_MS = 2_000;
const inTurn = createTurns();

/** The answer of a query. Queries of one task take turns. @throws as the client does, after 10 s without an answer */
export async function queryTask<T, A extends unknown[]>(
  client: Client,
  handle: WorkflowHandle,
  query: string,
  ...args: A
): Promise<T> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  return inTurn(handle.workflowId, async () => {
    for (;;) {
      const until = Math.min(Date.now() + ASK_AGAIN_MS, giveUpAt);
      try {
        return await client.withDeadline(until, () => handle.query<T, A>(query, ...args));
      } catch (error) {
        if (!isGrpcDeadlineError(error) || Date.now() >= giveUpAt) throw error;
      }
    }
  });
}
