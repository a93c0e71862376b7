/** `pawl logs`: what the agent printed, once or while it is printed. */
import type { Command } from 'commander';
import type { LogLine } from '../../../domain/operation-schemas.ts';
import { isClosed, type TaskState } from '../../../domain/task-state.ts';
import { type Absence, EngineAway, watchAbsence } from '../absence.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { Interrupted } from '../interrupt.ts';
import { wholeNumber } from '../options.ts';
import { safeLine } from '../telling.ts';

interface LogsOptions {
  readonly follow?: boolean;
  readonly attempt?: number;
}

export function describeLogs(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .option('-f, --follow', 'go on until the task is closed')
    .option('--attempt <n>', 'of this attempt (default: the latest)', wholeNumber(1, 1_000))
    .addHelpText(
      'after',
      '\nExamples:\n  pawl logs fix-login-7f3k -f\n  pawl logs fix-login-7f3k --attempt 1 --json\n\nAn engine that goes away meanwhile is waited for; exit code 4 where it stays away.',
    )
    .action(async (id: string, options: LogsOptions) => {
      if (options.follow === true) return cli.exit(await follow(cli, id, options));
      const answer = await cli.call('logs', { id, ...attemptOf(options.attempt) });
      cli.telling.result(answer, () => answer.lines.map(textOf).join('\n'));
    });
}

/** Where a reader is. */
interface Place {
  readonly attempt: number;
  readonly offset: number;
}

/**
 * Lines as they come; with `--json` one document each. Goes on with the next attempt where one ends.
 * @throws EngineAway, which is exit code 4, where the engine is away for too long
 */
async function follow(cli: Cli, id: string, { attempt: only }: LogsOptions): Promise<number> {
  const { world } = cli;
  // An engine that was there once is waited for.
  const first = await cli.call('show', { id });
  const absence = watchAbsence(cli, first.id);
  let place: Place = { attempt: only ?? Math.max(1, first.attempts.length), offset: 0 };
  let state: TaskState = first;
  const signal = AbortSignal.any([world.signal, absence.over]);
  const engine = await cli.engine();
  for await (const news of engine.news(first.id, signal, absence.told)) {
    if (news.type === 'state') state = news.state;
    // The state was told before the lines are read: of an attempt that it says is over, no line is missed.
    for (const { attempts, status } = state; ; ) {
      if (attempts.length >= place.attempt) place = await tellToEnd(cli, absence, id, place);
      const isOver = attempts.length > place.attempt;
      if (isOver && only === undefined) place = { attempt: place.attempt + 1, offset: 0 };
      else if (isOver || isClosed(status)) return EXIT.done;
      else break;
    }
  }
  if (world.signal.aborted) throw new Interrupted();
  throw new EngineAway(first.id);
}

async function tellToEnd(cli: Cli, absence: Absence, id: string, from: Place): Promise<Place> {
  for (let place = from; ; ) {
    const next = await tellFrom(cli, absence, id, place);
    if (next.offset === place.offset) return next;
    place = next;
  }
}

async function tellFrom(
  { call, telling }: Cli,
  absence: Absence,
  id: string,
  { attempt, offset }: Place,
): Promise<Place> {
  const read = await absence.asked(() => call('logs', { id, attempt, offset }));
  for (const line of read.lines) {
    if (telling.json) telling.document(line);
    else telling.say(textOf(line));
  }
  return { attempt, offset: read.offset };
}

const attemptOf = (attempt: number | undefined) => (attempt === undefined ? {} : { attempt });

const textOf = ({ t, type, text }: Pick<LogLine, 't' | 'type' | 'text'>): string =>
  `${t.slice(11, 19)}  ${type.padEnd(10)}  ${safeLine(text)}`;
