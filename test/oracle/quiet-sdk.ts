/** Keeps Temporal's SDK from telling in the output of tests what it does: once a process, before the first connection. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { tellFailedRun } from '../../src/worker/failed-runs.ts';

let isQuiet = false;

/** Idempotent. A history that is refused is also told as a warning, which some tests want; errors are told. */
export function quietSdk(): void {
  if (isQuiet) return;
  isQuiet = true;
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  const errors = new DefaultLogger('ERROR');
  const logger = new DefaultLogger('WARN', (entry) => {
    tellFailedRun(entry);
    errors.log(entry.level, entry.message, entry.meta);
  });
  Runtime.install({ logger, telemetryOptions: { logging: { filter, forward: {} } } });
}
