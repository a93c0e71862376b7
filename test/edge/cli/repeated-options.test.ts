/** An option that counts once is refused where it is given twice, for every option of every command; others add up. */
import type { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { createCli } from '../../../src/edge/cli/cli.ts';
import { createProgram } from '../../../src/edge/cli/program.ts';
import { createTelling } from '../../../src/edge/cli/telling.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl, worldOf } from './fakes.ts';

const world = worldOf();
const program = createProgram(createCli(world, createTelling(world, false), () => undefined));

interface Place {
  readonly words: readonly string[];
  readonly command: Command;
  readonly option: Option;
}
const placesBelow = (command: Command, words: readonly string[]): readonly Place[] => [
  ...command.options
    .filter(({ required, optional }) => required || optional)
    .map((option) => ({ words, command, option })),
  ...command.commands.flatMap((below) => placesBelow(below, [...words, below.name()])),
];

/** Something that the option takes. */
function takenBy({ argChoices, parseArg }: Option): string {
  const texts = [
    ...(argChoices ?? []),
    'a',
    '1',
    '0.5',
    '20',
    'approval-2',
    '{}',
    'a=b',
    'core',
    'http://127.0.0.1:8100/mcp',
  ];
  const taken = texts.find((text) => {
    try {
      parseArg?.(text, undefined);
      return true;
    } catch {
      return false;
    }
  });
  if (taken === undefined) throw new Error('expected a text here that the option takes');
  return taken;
}

/** Every repeatable option of Pawl: whoever adds one says so here. */
const REPEATABLE: readonly string[] = [
  'complete --artifact',
  'complete --file',
  'create --after',
  'execution done --deliverable',
  'execution done --output',
  'execution list --status',
  'execution start --input',
  'list --complexity',
  'list --id',
  'list --parent',
  'list --specialist',
  'list --status',
  'list --type',
  'run --check',
  'run --copy',
  'run --input',
  'update --artifact',
  'update --drop-dependency',
  'update --file',
];

const places = placesBelow(program, []);

it('there are many', () => expect(places.length).toBeGreaterThan(100));

describe.each(places)('$words $option.flags', ({ words, option }) => {
  it('given twice', async () => {
    const fake = fakeEngine();
    const value = takenBy(option);
    const flag = option.long ?? option.short ?? '';
    const { code, err, documents } = await pawl([...words, flag, value, `${flag}=${value}`, '--json'], {
      fake,
    });
    const refused = `expected ${option.flags} once, got '${value}' and '${value}'`;
    const name = [...words, flag].join(' ');
    if (REPEATABLE.includes(name)) return expect(err).not.toContain(' once, got ');
    expect(err).toContain(refused);
    expect(documents).toMatchObject([{ error: { code: 'invalid_input' } }]);
    expect(code).toBe(2);
    expect(fake.calls).toEqual([]);
  });
});
