/** Keeps Temporal's SDK from telling in the output of tests what it does: once a process, before the first connection. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

let isQuiet = false;

/** Idempotent. A history that is refused is also told as a warning, which some tests want. */
export function quietSdk(): void {
  if (isQuiet) return;
  isQuiet = true;
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
}
