/** Commands about the engine itself: how it is, and a worker that begins anew. */
import type { Command } from 'commander';
import type { Vitals } from '../../../domain/engine-vitals.ts';
import type { CallOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { wholeNumber } from '../options.ts';
import { safeLine } from '../telling.ts';

export function describeVitals(command: Command, cli: Cli): void {
  command.addHelpText('after', '\nExamples:\n  pawl vitals\n  pawl vitals --json').action(async () => {
    const answer = await cli.call('vitals', {});
    cli.telling.result(answer, () => wordsOf(answer));
  });
}

export function describeRestart(command: Command, cli: Cli): void {
  command
    .option('--reason <words>', 'why')
    .option('--timeout-seconds <n>', 'how long it may take', wholeNumber(10, 300), 30)
    .addHelpText('after', '\nExamples:\n  pawl restart && pawl vitals')
    .action(async ({ reason, timeoutSeconds }: CallOf<'restart'>) => {
      const answer = await cli.call('restart', { reason, timeoutSeconds });
      cli.telling.result(answer, () => 'the worker ends and begins anew: pawl vitals tells when it has');
    });
}

function wordsOf({
  failing,
  warnings,
  healthy,
  temporal,
  database,
  worker,
  tasks,
  calls,
  memoryBytes,
  restarts,
}: Vitals): string {
  const counts = Object.entries(tasks ?? {}).filter(([, count]) => count > 0);
  const none = tasks === null ? 'cannot be counted' : 'none';
  const last = restarts.at(-1);
  const lines = [
    healthy ? 'healthy' : 'not healthy',
    ...warnings.map((warning) => `warning: ${warning}`),
    `Temporal ${temporal.address ?? 'none'}: ${temporal.reachable ? 'reachable' : 'out of reach'}`,
    `database: ${database.readMs === null ? 'cannot be read' : `read in ${Math.round(database.readMs)} ms`}`,
    `worker: ${worker.state}${worker.polling === null ? '' : `, ${worker.polling} polling`}`,
    `tasks: ${counts.length === 0 ? none : counts.map(([status, count]) => `${count} ${status}`).join(', ')}`,
    ...(failing ?? []).map(
      ({ id, since, problem, remedy }) => `  ${id} fails since ${since}: ${problem}; ${remedy}`,
    ),
    `calls of the API: ${calls.count}${calls.p95Ms === null ? '' : ` (p95 ${Math.round(calls.p95Ms)} ms)`}, ${calls.errors.length} refused in the last hours`,
    `memory: ${Math.round(memoryBytes / 1024 / 1024)} MB`,
    ...(last === undefined
      ? []
      : [`last restart: ${last.reason}, ${last.phase}${last.error === undefined ? '' : `: ${last.error}`}`]),
    ...calls.errors
      .slice(-5)
      .map(({ at, operation, code, message }) => `  ${at} ${operation}: ${code}, ${message}`),
  ];
  return lines.map(safeLine).join('\n');
}
