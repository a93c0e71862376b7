/**
 * Where Temporal's SDK says what it does: into the engine's log. In the terminal of a foreground engine it would bury
 * what people look for.
 */
import { appendFileSync } from 'node:fs';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { EARLY_QUESTION } from '../domain/early-question.ts';
import { tellFailedRun } from '../worker/failed-runs.ts';
import { boundLog } from './bounded-log.ts';
import { sdkText } from './sdk-text.ts';

/**
 * Call once, before the first connection of this process. Also keeps the SDK from stopping workers on signals by
 * itself: the engine stops them in its own order.
 * @returns ends the SDK's runtime where no connection did: while it is there the process does not exit. Idempotent.
 */
export function logSdkTo(path: string): () => Promise<void> {
  const runtime = Runtime.install({
    logger: new DefaultLogger('INFO', (entry) => {
      const text = sdkText(entry);
      // Whoever asked is told, and asks again: nothing that somebody who reads the log could do.
      if (!text.includes(EARLY_QUESTION)) append(path, text);
      tellFailedRun(entry);
    }),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
    shutdownSignals: [],
  });
  return () => runtime.shutdown();
}

function append(path: string, text: string): void {
  try {
    boundLog(path);
    appendFileSync(path, text, { mode: 0o600 });
  } catch {
    // A log that cannot be written (a full disk, a home that is gone) must not take the worker along.
  }
}
