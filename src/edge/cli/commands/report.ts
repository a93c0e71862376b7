/** What somebody reports on a task that they work on themselves: `update`, `complete`. */
import { type Command, Option } from 'commander';
import { ARTIFACT_TYPES } from '../../../domain/artifact-address.ts';
import type { ArtifactType } from '../../../domain/artifacts.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { absolute, addPlanned, CONTEXT, collect, fraction, MESSAGE_ID, textOrInput } from '../options.ts';
import { uploadAll } from './upload.ts';

/** Options that name one thing each, where the operation takes a list of them. */
interface ResultOptions {
  readonly json?: boolean;
  readonly artifact?: readonly string[];
  readonly file?: readonly string[];
  readonly description?: string;
  readonly dropDependency?: readonly string[];
  readonly detail?: string;
  readonly artifactType?: ArtifactType;
}

const UPDATE_HELP = `
Examples:
  pawl update notes-1 --status in_progress --progress 0.5 --note "half of it"
  pawl update notes-1 --due 2026-12-31 --specialist documenter
  pawl update notes-1 --drop-dependency outline-1      it need not wait for that any more`;

export function describeUpdate(command: Command, cli: Cli): void {
  addResults(
    addPlanned(
      command
        .argument('<id>', 'the task')
        .option('--title <text>', 'another title')
        .option('--description <text>', 'another description; - reads it from stdin')
        .addOption(
          new Option('--status <status>', 'where it stands').choices(['pending', 'blocked', 'in_progress']),
        )
        .option('--note <text>', 'something to remember; with --status blocked, what it waits for')
        .option('--progress <0..1>', 'how far it is', fraction)
        .option(
          '--drop-dependency <id>',
          'a task it is not to wait for any more; repeatable',
          collect(String),
        )
        .option(...CONTEXT),
    ),
  )
    .addHelpText('after', UPDATE_HELP)
    .action(async (id: string, options: ResultOptions & Omit<CallOf<'update'>, 'id'>) => {
      const answer = await cli.call('update', { id, ...(await messageOf(cli, options)) });
      cli.telling.result(answer, () => `task ${answer.id} is ${answer.status}`);
    });
}

const COMPLETE_HELP = `
Examples:
  pawl complete notes-1 --summary "Written and sent" --artifact https://example.org/notes
  pawl complete notes-1 --summary "Written" --file docs/notes.md --artifact-type documentation
  pawl complete notes-1 --summary "Looked into it" --detail - < report.md`;

export function describeComplete(command: Command, cli: Cli): void {
  addResults(
    command
      .argument('<id>', 'the task')
      .requiredOption('--summary <text>', 'what was done')
      .addOption(new Option('--outcome <outcome>', 'how it ended').choices(['completed', 'failed'])),
  )
    .addHelpText('after', COMPLETE_HELP)
    .action(async (id: string, options: ResultOptions & Omit<CallOf<'complete'>, 'id'>) => {
      const answer = await cli.call('complete', { id, ...(await messageOf(cli, options)) });
      cli.telling.result(answer, () => `task ${answer.id} is ${answer.status}`);
    });
}

const addResults = (command: Command): Command =>
  command
    .option('--artifact <name>', 'what it left, such as an address; repeatable', collect(String))
    .option(
      '--file <path>',
      "a file of the session's directory to keep a copy of, or with PAWL_URL of this host; repeatable",
      collect(String),
    )
    .option('--detail <text>', 'the whole result, kept as an artifact; - reads it from stdin')
    .addOption(new Option('--artifact-type <type>', 'what those are').choices(ARTIFACT_TYPES))
    .option(
      '--attempt-token <token>',
      'what `pawl claim` answered: refused once somebody else has claimed it',
    )
    .option(...MESSAGE_ID);

async function messageOf<O extends ResultOptions>(cli: Cli, options: O) {
  const {
    json: _,
    artifact: _names,
    file: _paths,
    description,
    dropDependency,
    detail,
    ...message
  } = options;
  const { descriptionCharsMax, detailCharsMax } = LIMITS;
  return {
    ...message,
    ...(await namedBy(cli, options)),
    ...(dropDependency !== undefined && { dropDependencies: [...dropDependency] }),
    ...(description !== undefined && {
      description: await textOrInput(cli, description, 4 * descriptionCharsMax),
    }),
    ...(detail !== undefined && { detail: await textOrInput(cli, detail, 4 * detailCharsMax) }),
  };
}

/** What the report names: an engine on this host reads files itself. */
async function namedBy(cli: Cli, { artifact, file, artifactType }: ResultOptions) {
  const named = artifact === undefined ? {} : { artifacts: [...artifact] };
  if (file === undefined) return named;
  if (!cli.world.isElsewhere()) return { ...named, files: file.map((path) => absolute(cli, path)) };
  return { artifacts: [...(artifact ?? []), ...(await uploadAll(cli, file, artifactType))] };
}
