/** Options that several commands share, and how their texts become values. */
import { resolve } from 'node:path';
import { type Command as CliCommand, InvalidArgumentError, Option } from 'commander';
import { splitCommand } from '../../domain/command-line.ts';
import { PawlError } from '../../domain/failures.ts';
import { clip } from '../../domain/limits.ts';
import { COMPLEXITIES, SPECIALISTS } from '../../domain/plan.ts';
import { PRIORITIES } from '../../domain/priority.ts';
import type { Command } from '../../domain/task-spec.ts';
import type { Cli } from './cli.ts';

export const JSON_OPTION = ['--json', 'print JSON on stdout, everything else on stderr'] as const;
export const MESSAGE_ID = ['--message-id <id>', 'the same message again counts once'] as const;

export function commandOption(text: string): Command {
  const split = splitCommand(text);
  if (!split.ok) throw new InvalidArgumentError(split.problem);
  return split.command;
}

/** A repeatable option. */
export function collect<T>(parse: (text: string) => T) {
  const collected = (text: string, before: readonly T[] = []): readonly T[] => [...before, parse(text)];
  return Object.assign(collected, { repeatable: true });
}

/** Commander takes the last one in silence. Of this command and of those below it. */
export function refuseRepeated(command: CliCommand): void {
  for (const option of command.options) {
    const { flags, variadic, parseArg } = option;
    const takesOne = option.required || option.optional;
    if (!takesOne || variadic || (parseArg !== undefined && 'repeatable' in parseArg)) continue;
    let first: string | undefined;
    command.on(`option:${option.name()}`, (text: string) => {
      if (first !== undefined)
        throw new PawlError(
          'invalid_input',
          `expected ${flags} once, got '${clip(first, 60)}' and '${clip(text, 60)}': leave one of them out`,
        );
      first = text;
    });
  }
  for (const below of command.commands) refuseRepeated(below);
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`);
  };
}

export const portOption = wholeNumber(0, 65_535);

export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('expected a number from 0 to 1');
}

export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('expected an amount above 0');
}

export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new InvalidArgumentError(`expected a JSON object such as '{"branch":"main"}'`);
}

export const CONTEXT = [
  '--context <json>',
  'facts to keep with the task, as a JSON object',
  jsonObject,
] as const;

/** Who of those that wait for an agent gets the next one. */
export const priorityOption = (): Option =>
  new Option(
    '--priority <word>',
    'where several tasks wait for a free agent: the more urgent first (default: normal)',
  ).choices(PRIORITIES);

/** What a planner says of a task, at first and again later. */
export const addPlanned = (command: CliCommand): CliCommand =>
  command
    .addOption(new Option('--complexity <size>', 'how hard it is').choices(COMPLEXITIES))
    .addOption(new Option('--specialist <role>', 'who should do it').choices(SPECIALISTS))
    .option('--effort <text>', 'how much work it is, in words')
    .option('--due <date>', 'when it should be done, such as 2026-12-31');

/** A text given as an argument, or all of stdin for `-`. */
export async function textOrInput({ world, telling }: Cli, text: string, bytesMax: number): Promise<string> {
  if (text !== '-') return text;
  if (world.interactive) telling.notice('reads the text from the keyboard; Ctrl-D ends it');
  const read = await world.readInput(bytesMax);
  if (read.trim() === '') throw new PawlError('invalid_input', 'expected a text on stdin, got nothing');
  return read;
}

/** An empty path stays one, and is refused as everywhere: it is seldom meant as the folder one is in. */
export const absolute = ({ world }: Cli, path: string): string =>
  path === '' ? '' : resolve(world.cwd, path);
