/** Asking the workflow of a task or an execution. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { EARLY_QUESTION } from '../domain/early-question.ts';
import { PawlError } from '../domain/failures.ts';
import { createKeyedMutex } from './keyed-mutex.ts';
import { nounOf } from './run-of.ts';
import { isUnanswered } from './temporal-errors.ts';

const GIVE_UP_MS = 10_000;
/**
 * The worker's core loses a query that comes while it evicts the workflow because it is closed ("leftover buffered tasks
 * when evicting run" in its log): nobody would answer it. So one is asked at a time, and again.
 */
const ASK_AGAIN_MS = 2_000;
/** A worker that meets a history it cannot replay begins the run anew at once (`worker/repair.ts`). */
const REPAIR_MS = 200;
/** What a workflow has still to read it reads with the workflow task that is scheduled for it. */
const READ_MS = 50;
const inTurn = createKeyedMutex();

/**
 * The answer of a query. A mutex per workflow keeps its queries apart.
 * @throws PawlError `unavailable` where the workflow fails and is not repaired by then; as the client does, after 10 s
 * without an answer
 */
export async function queryTask<T, A extends unknown[]>(
  client: Client,
  handle: WorkflowHandle,
  query: string,
  ...args: A
): Promise<T> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  const ask = () =>
    client.withDeadline(Math.min(Date.now() + ASK_AGAIN_MS, giveUpAt), () =>
      handle.query<T, A>(query, ...args),
    );
  return inTurn(handle.workflowId, async () => {
    let unreplayable: unknown;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (isUnreplayable(error)) unreplayable = error;
        await untilAskedAgain(handle.workflowId, error, unreplayable, giveUpAt);
      }
    }
  });
}

/**
 * @param unreplayable the latest error that said so: it says more than that the last question had no time left
 * @throws PawlError as `queryTask`; the error itself where asking again is of no use
 */
async function untilAskedAgain(
  id: string,
  error: unknown,
  unreplayable: unknown,
  giveUpAt: number,
): Promise<void> {
  const isEarly = error instanceof Error && error.message.includes(EARLY_QUESTION);
  if (error !== unreplayable && !isEarly && !isUnanswered(error)) throw error;
  if (Date.now() >= giveUpAt) throw unreplayable === undefined ? error : failing(id, unreplayable);
  if (isEarly) await sleep(READ_MS);
  if (error === unreplayable) await sleep(REPAIR_MS);
}

/** The code by which the SDK names every nondeterminism error, in whatever class it comes. */
const isUnreplayable = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('[TMPRL1100]');

const failing = (id: string, cause: unknown): PawlError =>
  new PawlError(
    'unavailable',
    `${nounOf(id)} ${id} cannot answer, because its history cannot be replayed: \`pawl vitals\` says what is done about it`,
    { cause },
  );
