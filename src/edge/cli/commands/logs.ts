/** `pawl logs`: what the agent printed, once or while it is printed. */
import type { Command } from 'commander';
import type { LogLine } from '../../../domain/operations.ts';
import { isClosed } from '../../../domain/task.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { wholeNumber } from '../options.ts';
import { safeLine } from '../telling.ts';

/** How often a followed log is read: a local file. */
const POLL_MS = 500;

interface LogsOptions {
  readonly follow?: boolean;
  readonly attempt?: number;
}

export function describeLogs(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .option('-f, --follow', 'go on until the task is closed')
    .option('--attempt <n>', 'of this attempt (default: the latest)', wholeNumber(1, 1_000))
    .addHelpText('after', '\nExamples:\n  pawl logs fix-login-7f3k -f\n  pawl logs fix-login-7f3k --attempt 1 --json')
    .action(async (id: string, options: LogsOptions) => {
      if (options.follow === true) return cli.exit(await follow(cli, id, options));
      const answer = await cli.call('logs', { id, ...attemptOf(options.attempt) });
      cli.telling.result(answer, () => answer.lines.map(textOf).join('\n'));
    });
}

/** Lines as they come; with `--json` one document each. Goes on with the next attempt where one ends. */
async function follow(cli: Cli, id: string, options: LogsOptions): Promise<number> {
  const { world, telling } = cli;
  let attempt = options.attempt ?? Math.max(1, (await cli.call('show', { id })).attempts.length);
  let offset = 0;
  for (;;) {
    const state = await cli.call('show', { id });
    const read = state.attempts.length < attempt ? undefined : await cli.call('logs', { id, attempt, offset });
    offset = read?.offset ?? offset;
    for (const line of read?.lines ?? []) telling.json ? telling.document(line) : telling.say(textOf(line));
    // The state was asked first, so what it says is over has no line that is not read.
    if (read !== undefined && read.lines.length > 0) continue;
    if (options.attempt === undefined && state.attempts.length > attempt) {
      attempt++;
      offset = 0;
    } else if (isClosed(state.status) || (options.attempt !== undefined && state.attempts.length > attempt)) {
      return EXIT.done;
    } else {
      await world.sleep(POLL_MS, world.signal);
    }
  }
}

const attemptOf = (attempt: number | undefined) => (attempt === undefined ? {} : { attempt });

const textOf = ({ t, type, text }: Pick<LogLine, 't' | 'type' | 'text'>): string =>
  `${t.slice(11, 19)}  ${type.padEnd(10)}  ${safeLine(text)}`;
