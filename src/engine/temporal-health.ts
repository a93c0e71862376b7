/** Whether a Temporal serves, asked by gRPC's health check: an open port is there long before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedTarget } from './target.ts';
import { connectTo } from './temporal-connection.ts';

const ASK_MS = 1_000;
const ASK_AGAIN_MS = 50;
const SERVING = 1;

export async function isServing(address: string): Promise<boolean> {
  try {
    // As the engine will connect: to set up the client's own gRPC beside it takes longer than the answer.
    const connection = await connectTo(embeddedTarget(address), ASK_MS);
    try {
      const { status } = await connection.withDeadline(Date.now() + ASK_MS, () =>
        connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }),
      );
      return status === SERVING;
    } finally {
      await connection.close();
    }
  } catch {
    // Whatever the reason, it does not serve.
    return false;
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
