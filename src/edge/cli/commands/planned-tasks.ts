/** Commands around tasks that clients work on: who has one, what is put away, sessions and artifacts. */
import { isUtf8 } from 'node:buffer';
import type { Command } from 'commander';
import type { OutputOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { absolute, MESSAGE_ID, wholeNumber } from '../options.ts';
import { safeLine, safeText } from '../telling.ts';

export function describeClaim(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .option(...MESSAGE_ID)
    .addHelpText(
      'after',
      '\nExamples:\n  pawl claim notes-1\n  pawl complete notes-1 --summary "Written" --attempt-token …',
    )
    .action(async (id: string, { messageId }: { messageId?: string }) => {
      const message = { id, ...(messageId === undefined ? {} : { messageId }) };
      const answer = await cli.call('claim', message);
      cli.telling.result(
        answer,
        () =>
          `task ${answer.id} is yours${fromWords(answer)}: report with --attempt-token ${answer.attemptToken}`,
      );
    });
}

const fromWords = ({ takenFrom }: OutputOf<'claim'>): string =>
  takenFrom === undefined ? '' : `, taken from ${safeLine(takenFrom)}`;

export function describeArchive(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .addHelpText('after', '\nExamples:\n  pawl archive notes-1\n  pawl list --archived')
    .action(async (id: string) => {
      const answer = await cli.call('archive', { id });
      cli.telling.result(answer, () => `task ${answer.id} is put away`);
    });
}

export function describeRemove(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .addHelpText(
      'after',
      '\nExamples:\n  pawl remove notes-1\n\nIts history is gone then. `pawl archive` keeps it.',
    )
    .action(async (id: string) => {
      const answer = await cli.call('remove', { id });
      cli.telling.result(answer, () => `task ${answer.id} is removed`);
    });
}

const ARTIFACT_HELP = `
Examples:
  pawl artifact sha256:… | less
  pawl artifact sha256:… > notes.md

A pipe or file gets its bytes as they are. \`pawl show\` lists the artifacts of a task.`;

export function describeArtifact(command: Command, cli: Cli): void {
  command
    .argument('<digest>', 'as a task names it: sha256:…')
    .option('--offset <n>', 'the byte to begin at', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .addHelpText('after', ARTIFACT_HELP)
    .action(async (digest: string, { offset }: { offset: number }) => {
      const { json, people, document, say } = cli.telling;
      const answer = await cli.call('artifact', { digest, offset });
      // A program goes on at `next` itself.
      if (json) return document(answer);
      const whole = Buffer.concat(await partsFrom(cli, answer));
      if (people.live === undefined) return people.write(whole);
      say(
        isUtf8(whole) ? safeText(whole.toString('utf8')).trimEnd() : `${whole.length} bytes that are no text`,
      );
    });
}

async function partsFrom(cli: Cli, first: OutputOf<'artifact'>): Promise<readonly Buffer[]> {
  const { digest } = first;
  const parts = [Buffer.from(first.content, 'base64')];
  for (let { next } = first; next !== null; ) {
    const more = await cli.call('artifact', { digest, offset: next });
    parts.push(Buffer.from(more.content, 'base64'));
    next = more.next;
  }
  return parts;
}

export function describeOpen(command: Command, cli: Cli): void {
  command
    .argument('[dir]', 'the working directory', '.')
    .addHelpText('after', '\nExamples:\n  pawl open\n  pawl create "Write the notes" --session session-…')
    .action(async (dir: string) => {
      const answer = await cli.call('open', { directory: absolute(cli, dir) });
      const how = answer.created ? 'is opened' : 'was open already';
      cli.telling.result(answer, () => `${answer.id} of ${safeLine(answer.directory)} ${how}`);
    });
}

export function describeSessions(command: Command, cli: Cli): void {
  command.addHelpText('after', '\nExamples:\n  pawl sessions').action(async () => {
    const answer = await cli.call('sessions', {});
    cli.telling.result(answer, () =>
      answer.sessions.length === 0
        ? 'no sessions: pawl open makes one'
        : answer.sessions
            .map(
              ({ id, directory, tasks, open, lastActivityAt }) =>
                `${id}  ${open} of ${tasks} open  ${lastActivityAt.slice(0, 16).replace('T', ' ')}  ${safeLine(directory)}`,
            )
            .join('\n'),
    );
  });
}

export function describeForget(command: Command, cli: Cli): void {
  command
    .argument('<session>', 'the session, as `pawl sessions` lists it')
    .addHelpText('after', '\nExamples:\n  pawl forget session-…')
    .action(async (session: string) => {
      const answer = await cli.call('forget', { session });
      cli.telling.result(answer, () => `${answer.session} is forgotten; its tasks stay`);
    });
}
