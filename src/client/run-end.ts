/** A task, or an execution, says that it is over a moment before its workflow has ended, which cleans up after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { describe, nounOf } from './run-of.ts';

const END_WAIT_MS = 5_000;
const LOOK_MS = 50;

/** Of one that is over. @throws PawlError `unavailable` where its workflow has not ended by then, `not_found` */
export async function waitForEnd(client: Client, id: WorkflowId, waitMs = END_WAIT_MS): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  while ((await describe(client, id)).status.name === 'RUNNING') {
    if (performance.now() > giveUpAt)
      throw new PawlError(
        'unavailable',
        `${nounOf(id)} ${id} is over and still cleans up: try again in a moment`,
      );
    await sleep(LOOK_MS);
  }
}
