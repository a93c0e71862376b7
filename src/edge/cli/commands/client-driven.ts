/** Commands for a task that somebody works on without an agent of Pawl's: `create`, `update`, `complete`. */
import { type Command, Option } from 'commander';
import { taskIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import { COMPLEXITIES, SPECIALISTS, TASK_TYPES } from '../../../domain/plan.ts';
import type { Cli } from '../cli.ts';
import { collect, fraction, jsonObject, textOrInput } from '../options.ts';

const MESSAGE_ID = ['--message-id <id>', 'the same message again counts once'] as const;
const CONTEXT = ['--context <json>', 'facts to keep with the task, as a JSON object', jsonObject] as const;

export function describeCreate(command: Command, cli: Cli): void {
  command
    .argument('<title>', 'what it is, in a few words')
    .option('--id <id>', 'the task id; the same id and body finds the task instead of making another')
    .option('--description <text>', 'what should be done; - reads it from stdin', '')
    .option(...CONTEXT)
    .option('--session <id>', 'the session it is of, as `pawl sessions` lists it')
    .option('--parent <id>', 'the task that it is a part of')
    .option('--after <id...>', 'tasks that have to be completed first: it is blocked until then')
    .addOption(new Option('--type <type>', 'what kind of work it is').choices(TASK_TYPES))
    .addOption(new Option('--complexity <size>', 'how hard it is').choices(COMPLEXITIES))
    .addOption(new Option('--specialist <role>', 'who should do it').choices(SPECIALISTS))
    .option('--effort <text>', 'how much work it is, in words')
    .option('--due <date>', 'when it should be done, such as 2026-12-31')
    .addHelpText(
      'after',
      '\nExamples:\n  pawl create "Write the release notes" --id notes-1\n  pawl create "Send them" --after notes-1',
    )
    .action(
      async (
        title: string,
        {
          json: _,
          after,
          ...options
        }: Omit<CallOf<'create'>, 'title'> & { json?: boolean; after?: string[] },
      ) => {
        const { id = taskIdFrom(title, cli.world.newSuffix()), ...plan } = options;
        const description = await textOrInput(cli, options.description ?? '', LIMITS.descriptionCharsMax * 4);
        const answer = await cli.call('create', {
          ...plan,
          id,
          title,
          description,
          ...(after === undefined ? {} : { dependencies: after }),
        });
        cli.telling.result(
          answer,
          () => `task ${answer.id} ${answer.created ? 'is created' : 'was there already'}`,
        );
      },
    );
}

export function describeUpdate(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .option('--title <text>', 'another title')
    .option('--description <text>', 'another description')
    .addOption(
      new Option('--status <status>', 'where it stands').choices(['pending', 'blocked', 'in_progress']),
    )
    .option('--note <text>', 'something to remember; with --status blocked, what it waits for')
    .option('--progress <0..1>', 'how far it is', fraction)
    .option(...CONTEXT)
    .option(...MESSAGE_ID)
    .addHelpText(
      'after',
      '\nExamples:\n  pawl update notes-1 --status in_progress --progress 0.5 --note "half of it"',
    )
    .action(
      async (id: string, { json: _, ...message }: { json?: boolean } & Omit<CallOf<'update'>, 'id'>) => {
        const answer = await cli.call('update', { id, ...message });
        cli.telling.result(answer, () => `task ${answer.id} is ${answer.status}`);
      },
    );
}

interface CompleteOptions {
  readonly summary: string;
  readonly artifact?: readonly string[];
  readonly outcome?: 'completed' | 'failed';
  readonly messageId?: string;
}

export function describeComplete(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .requiredOption('--summary <text>', 'what was done')
    .option(
      '--artifact <name>',
      'something it left, such as a file or an address; repeatable',
      collect(String),
    )
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['completed', 'failed']))
    .option(...MESSAGE_ID)
    .addHelpText(
      'after',
      '\nExamples:\n  pawl complete notes-1 --summary "Written and sent" --artifact docs/notes.md',
    )
    .action(async (id: string, { summary, artifact, outcome, messageId }: CompleteOptions) => {
      const answer = await cli.call('complete', {
        id,
        summary,
        ...(artifact === undefined ? {} : { artifacts: [...artifact] }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(messageId === undefined ? {} : { messageId }),
      });
      cli.telling.result(answer, () => `task ${answer.id} is ${answer.status}`);
    });
}
