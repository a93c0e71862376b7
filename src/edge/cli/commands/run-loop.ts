/** `pawl run --loop`: agents of the engine go through a loop. */
import { type Command, Option } from 'commander';
import { PawlError } from '../../../domain/failures.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { absolute, collect, textOrInput } from '../options.ts';
import { type Pair, pair } from '../typed-pairs.ts';
import { startLoop } from './start-loop.ts';

export interface LoopOptions {
  readonly loop?: string;
  readonly input?: readonly Pair[];
  readonly dryRun?: true;
}

/** What a run by a loop has no use for: the loop says it, or each task is decided by itself. */
const OF_ONE_TASK = [
  ...['base', 'dir', 'agent', 'agentCommand', 'check', 'setup', 'copy', 'model', 'permissions', 'forge'],
  ...['timeout', 'stall', 'maxCost', 'maxTurns', 'yes'],
];

export const addLoopOptions = (command: Command): Command =>
  command
    .addOption(new Option('--loop <loop>', 'go through this loop: its agents work one after the other'))
    .option(
      '--input <name=value>',
      'with --loop: a value of an input of it; a list by several, or as JSON',
      collect(pair),
    )
    .option('--dry-run', 'show who would work, what judges it and what it may come to; start nothing');

/** @throws PawlError `invalid_input` */
export function refuseWithoutLoop({ input }: LoopOptions): void {
  if (input !== undefined)
    throw new PawlError('invalid_input', '--input: expected --loop as well, which it is about');
}

/** @throws PawlError `invalid_input` for options of a single task */
export async function runLoop(
  cli: Cli,
  text: string | undefined,
  {
    loop,
    input,
    dryRun,
    ...options
  }: LoopOptions & {
    readonly loop: string;
    readonly repo: string;
    readonly id?: string;
    readonly priority?: CallOf<'startExecution'>['priority'];
  },
): Promise<void> {
  const others = OF_ONE_TASK.filter((name) => Object.hasOwn(options, name));
  if (others.length > 0)
    throw new PawlError(
      'invalid_input',
      `${others.map(flagOf).join(', ')}: expected none of it with --loop: the loop says who works, and pawl.yaml how`,
    );
  const wish = text === undefined ? undefined : await textOrInput(cli, text, 4 * LIMITS.valueCharsMax);
  await startLoop(cli, loop, {
    project: absolute(cli, options.repo),
    driver: 'engine',
    isFollowed: true,
    wish,
    dryRun,
    ...(input !== undefined && { input }),
    ...(options.id !== undefined && { id: options.id }),
    ...(options.priority !== undefined && { priority: options.priority }),
  });
}

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
