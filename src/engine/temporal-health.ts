/** Whether a Temporal serves, asked by gRPC's health check: an open port is there long before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

const ASK_MS = 1_000;
const ASK_AGAIN_MS = 50;
const SERVING = 1;

export async function isServing(address: string): Promise<boolean> {
  // Without interceptors: the usual ones repeat a call that fails, and a failure is the answer here.
  const connection = Connection.lazy({ address, interceptors: [] });
  try {
    const { status } = await connection.withDeadline(Date.now() + ASK_MS, () =>
      connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }),
    );
    return status === SERVING;
  } catch {
    // Whatever the reason, it does not serve.
    return false;
  } finally {
    await connection.close();
  }
}

/** Asks until it serves; false when `signal` aborts first. */
export async function untilServing(address: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isServing(address)) return !signal.aborted;
    await sleep(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
