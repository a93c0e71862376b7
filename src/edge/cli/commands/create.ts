/** `create`: a task that somebody works on without an agent of Pawl's. Who works on it reports with `report.ts`. */
import type { Command } from 'commander';
import { taskIdFrom } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { addPlanned, CONTEXT, textOrInput } from '../options.ts';

export function describeCreate(command: Command, cli: Cli): void {
  addPlanned(command)
    .argument('<title>', 'what it is, in a few words')
    .option('--id <id>', 'the task id; the same id and body finds the task instead of making another')
    .option('--description <text>', 'what should be done; - reads it from stdin', '')
    .option(...CONTEXT)
    .option('--session <id>', 'the session it is of, as `pawl sessions` lists it')
    .option('--parent <id>', 'the task that it is a part of')
    .option('--after <id...>', 'tasks that have to be completed first: it is blocked until then')
    .option('--type <word>', 'what kind of work it is')
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
