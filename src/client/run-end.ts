/** A task says that it is over a moment before its workflow has ended, which cleans up after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { PawlError } from '../domain/failures.ts';
import type { TaskId } from '../domain/ids.ts';
import { describe } from './run-of.ts';

const END_WAIT_MS = 5_000;
const LOOK_MS = 50;

/** Of a task that is over. @throws PawlError `unavailable` where its workflow has not ended by then, `not_found` */
export async function waitForEnd(client: Client, id: TaskId, waitMs = END_WAIT_MS): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  while ((await describe(client, id)).status.name === 'RUNNING') {
    if (performance.now() > giveUpAt)
      throw new PawlError('unavailable', `task ${id} is over and still cleans up: try again in a moment`);
    await sleep(LOOK_MS);
  }
}
