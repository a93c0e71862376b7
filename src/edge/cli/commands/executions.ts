/** `pawl execution`: executions of loops begin, are looked at, go on by reports and decisions, and end. */
import { type Command, Option } from 'commander';
import { executionOperations } from '../../../domain/execution-operations.ts';
import {
  AUTONOMIES,
  DRIVERS,
  EXECUTION_STATUSES,
  MODES,
} from '../../../domain/executions/execution-state.ts';
import { isRefused, skillsIn } from '../../../domain/executions/state-parts.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { executionRowText } from '../execution-text.ts';
import { EXIT } from '../exit.ts';
import { followExecution } from '../follow-execution.ts';
import {
  absolute,
  collect,
  JSON_OPTION,
  jsonObject,
  MESSAGE_ID,
  priorityOption,
  wholeNumber,
} from '../options.ts';
import { type Pair, pair, valuesFrom } from '../typed-pairs.ts';
import { addDecisions } from './execution-decisions.ts';
import { type Add, tell } from './execution-telling.ts';
import { showExecution } from './show.ts';
import { startLoop } from './start-loop.ts';

const HELP = `
You, or an AI client, do the skills and report them (with --driver engine, agents of the engine do); the engine looks whether that counts, and people decide at gates.

Examples:
  pawl execution start bugfix --input report="The total is wrong for an empty cart"
  pawl execution show x_bugfix-7f3k                        what is to do now
  pawl execution done x_bugfix-7f3k bug-reproducer --output reproduced=true …
  pawl execution approve x_bugfix-7f3k repro`;

export function addExecutions(program: Command, cli: Cli): void {
  const executions = program
    .command('execution')
    // Else it would take options out of the command lines of its subcommands.
    .enablePositionalOptions()
    .summary('Go through a loop: phases, skills and gates that survive anything')
    .description('Go through a loop: phases, skills and gates that survive anything.')
    .addHelpText('after', HELP);
  const add: Add = (word, summary, example) =>
    executions
      .command(word)
      .summary(summary)
      .description(`${summary}.`)
      .option(...JSON_OPTION)
      .addHelpText('after', `\nExamples:\n  pawl execution ${word} ${example}`);
  addStart(add, cli);
  addLooks(add, cli);
  addFollow(add, cli);
  addReports(add, cli);
  addDecisions(add, cli);
}

interface StartOptions {
  readonly project: string;
  readonly id?: string;
  readonly title?: string;
  readonly input?: readonly Pair[];
  readonly autonomy?: CallOf<'startExecution'>['autonomy'];
  readonly mode?: CallOf<'startExecution'>['mode'];
  readonly driver?: CallOf<'startExecution'>['driver'];
  readonly priority?: CallOf<'startExecution'>['priority'];
}

function addStart(add: Add, cli: Cli): void {
  add('start', executionOperations.startExecution.summary, 'feature --input goal="Orders can be cancelled"')
    .argument('<loop>', 'its id')
    .option('--project <dir>', 'the git repository in which it is worked', '.')
    .option(
      '--input <name=value>',
      'a value of an input of the loop; a list by several, or as JSON',
      collect(pair),
    )
    .option('--id <id>', 'x_ and lower-case letters, digits, hyphens (default: made from the loop)')
    .option('--title <text>', 'what it is about')
    .addOption(new Option('--autonomy <how>', 'how far it goes on without a word').choices(AUTONOMIES))
    .addOption(new Option('--mode <mode>', 'what kind of project it is').choices(MODES))
    .addOption(
      new Option('--driver <who>', 'who does what the loop gives to agents (default: client)').choices(
        DRIVERS,
      ),
    )
    .addOption(priorityOption())
    .action((loop: string, { project, ...more }: StartOptions) =>
      startLoop(cli, loop, { project: absolute(cli, project), ...more }),
    );
}

function addLooks(add: Add, cli: Cli): void {
  add('list', executionOperations.executions.summary, '--status active blocked')
    .addOption(new Option('--status <status...>', 'only these').choices(EXECUTION_STATUSES))
    .option('--loop <loop>', 'only those of this loop')
    .option('--limit <count>', 'at most so many', wholeNumber(1, LIMITS.listPageMax))
    .option('--offset <count>', 'without the first so many', wholeNumber(0, 1_000_000))
    .action(async (filter: CallOf<'executions'>) => {
      const answer = await cli.call('executions', filter);
      cli.telling.result(answer, () =>
        answer.total === 0
          ? 'no executions: `pawl execution start <loop>` begins one'
          : answer.executions.map(executionRowText).join('\n'),
      );
    });
  add('show', executionOperations.execution.summary, 'x_bugfix-7f3k')
    .argument('<id>', 'the execution')
    .action((id: string) => showExecution(cli, id));
}

function addFollow(add: Add, cli: Cli): void {
  add('follow', 'Follow an execution to its end', 'x_bugfix-7f3k')
    .argument('<id>', 'the execution')
    .addHelpText(
      'after',
      '\nExit code 0 when it is completed, 1 when it failed or was aborted, 3 when it waits for a person and no terminal is there. In a terminal you are asked at an open gate; left for later it is 3 too.',
    )
    .action(async (id: string) => {
      const { world, telling } = cli;
      // Says so at once where there is none.
      const { id: found } = await cli.call('execution', { id });
      cli.exit(await followExecution({ world, telling, engine: await cli.engine() }, found));
    });
}

interface ReportOptions {
  readonly item?: string;
  readonly output?: readonly Pair[];
  readonly summary?: string;
  readonly deliverable?: readonly string[];
  readonly messageId?: string;
}

function addReports(add: Add, cli: Cli): void {
  const skill = (command: Command) =>
    command
      .argument('<id>', 'the execution')
      .argument('<skill>', 'the skill')
      .option(...MESSAGE_ID);
  skill(
    add(
      'done',
      executionOperations.completeSkill.summary,
      'x_feature-7f3k plan --output risk=low --output files=a.ts',
    ),
  )
    .option('--item <item>', 'of a list, for which it is done')
    .option('--output <name=value>', 'what it returns', collect(pair))
    .option('--summary <text>', 'what was done, in words')
    .option('--deliverable <path>', 'what was made', collect(String))
    .addHelpText('after', '\nExit code 1 where the engine sees that it does not count.')
    .action(async (id: string, name: string, { output = [], deliverable, ...more }: ReportOptions) => {
      const state = await cli.call('execution', { id });
      const returns = skillsIn(state).find((one) => one.id === name)?.returns;
      const outputs = output.length === 0 ? {} : { outputs: valuesFrom(output, returns ?? {}) };
      const made = deliverable === undefined ? {} : { deliverables: [...deliverable] };
      await tell(cli, 'completeSkill', { id, skill: name, ...outputs, ...made, ...more, via: 'cli' });
      const now = await cli.call('execution', { id });
      if (skillsIn(now).some((one) => one.id === name && isRefused(one))) cli.exit(EXIT.failed);
    });
  skill(
    add(
      'fail',
      'Report that a skill cannot be done',
      'x_bugfix-7f3k bug-reproducer --reason "It does not fail here"',
    ),
  )
    .requiredOption('--reason <text>', 'why')
    .action(async (id: string, name: string, { reason: summary, ...more }: { reason: string }) => {
      await tell(cli, 'completeSkill', { id, skill: name, outcome: 'failed', summary, ...more, via: 'cli' });
    });
  add(
    'complete-phase',
    'Say that a phase is over, where the engine waits for that word',
    'x_feature-7f3k plan',
  )
    .argument('<id>', 'the execution')
    .argument('<phase>', 'the phase')
    .action(async (id: string, phase: string) => {
      await tell(cli, 'completeSkill', { id, phase, via: 'cli' });
    });
  add(
    'note',
    'Note something in an execution',
    'x_feature-7f3k "Half of the tests are written" --skill build',
  )
    .argument('<id>', 'the execution')
    .argument('<note>', 'what to note')
    .option('--skill <skill>', 'the skill that is worked on: it gives a sign of life')
    .option('--checkpoint <json>', 'what whoever goes on has to know, as a JSON object', jsonObject)
    .option(...MESSAGE_ID)
    .action(async (id: string, note: string, { checkpoint: data, ...more }: NoteOptions) => {
      const checkpoint = data === undefined ? {} : { checkpoint: { data } };
      await tell(cli, 'updateExecution', { id, note, ...checkpoint, ...more, via: 'cli' });
    });
}

interface NoteOptions {
  readonly skill?: string;
  readonly checkpoint?: Record<string, unknown>;
  readonly messageId?: string;
}
