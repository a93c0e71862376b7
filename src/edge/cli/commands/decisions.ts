/** Commands by which a person moves a task: `approve`, `reject`, `tell`, `retry`, `cancel`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { insideWords } from '../../../domain/gates.ts';
import { LIMITS } from '../../../domain/limits.ts';
import { GateName } from '../../../domain/operation-schemas.ts';
import type { Cli } from '../cli.ts';
import { MESSAGE_ID, textOrInput } from '../options.ts';

interface DecisionOptions {
  readonly gate: string;
  readonly digest?: string;
  readonly messageId?: string;
}

const gateOption = () =>
  new Option('--gate <gate>', 'which gate: its id, or its kind, approval or escalation')
    .argParser(gateName)
    .default('approval');

function gateName(text: string): string {
  const { success, data, error } = GateName.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError(error.issues.map(({ message }) => message).join('; '));
}

const DIGEST = [
  '--digest <digest>',
  'decide only on what has this digest (default: on what is shown now)',
] as const;

export function describeApprove(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .addOption(gateOption())
    .option(...DIGEST)
    .option(...MESSAGE_ID)
    .addHelpText(
      'after',
      '\nExamples:\n  pawl approve fix-login-7f3k\n  pawl approve fix-login-7f3k --gate escalation      another attempt',
    )
    .action(async (id: string, options: DecisionOptions) => {
      const answer = await cli.call('approve', decisionOf(id, options));
      cli.telling.result(
        answer,
        () =>
          `approved${insideWords(answer.inside)}: task ${answer.id} goes on, \`pawl show ${answer.id}\` tells how far it is`,
      );
    });
}

export function describeReject(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .requiredOption('--reason <text>', 'why; the agent gets it')
    .addOption(gateOption())
    .option(...DIGEST)
    .option(...MESSAGE_ID)
    .addHelpText('after', '\nExamples:\n  pawl reject fix-login-7f3k --reason "Keep the old route working"')
    .action(async (id: string, { reason, ...options }: DecisionOptions & { reason: string }) => {
      const answer = await cli.call('reject', { ...decisionOf(id, options), reason });
      cli.telling.result(
        answer,
        () =>
          `rejected${insideWords(answer.inside)}: task ${answer.id} has the reason, \`pawl show ${answer.id}\` tells what becomes of it`,
      );
    });
}

const decisionOf = (id: string, { gate, digest, messageId }: DecisionOptions) => ({
  id,
  gate,
  via: 'cli' as const,
  ...(digest === undefined ? {} : { digest }),
  ...(messageId === undefined ? {} : { messageId }),
});

const TELL_HELP = `
Examples:
  pawl tell fix-login-7f3k "Keep the old route working"
  pawl tell fix-login-7f3k - < remarks.md

An agent that works is interrupted and goes on with the instruction in the same session. Where its change waits for
approval, it works on: what it makes then is checked and shown anew. Instructions are kept in order, over any crash.`;

export function describeTell(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .argument('<text>', 'what the agent is to know or do; - reads it from stdin')
    .option(...MESSAGE_ID)
    .addHelpText('after', TELL_HELP)
    .action(async (id: string, given: string, { messageId }: { messageId?: string }) => {
      const text = await textOrInput(cli, given, 4 * LIMITS.noteCharsMax);
      const answer = await cli.call('tell', {
        id,
        text,
        ...(messageId === undefined ? {} : { messageId }),
      });
      cli.telling.result(answer, () => `told: the agent of task ${answer.id} gets it`);
    });
}

const RETRY_HELP = `
Examples:
  pawl retry fix-login-7f3k            goes on from the work of the run before
  pawl retry fix-login-7f3k --fresh    begins anew

Where that work conflicts with the base as it is now, the agent is given the files with conflict markers.`;

export function describeRetry(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .option('--fresh', 'begin at the base, without the work of the run before (which is kept)')
    .addHelpText('after', RETRY_HELP)
    .action(async (id: string, { fresh }: { fresh?: true }) => {
      const answer = await cli.call('retry', { id, ...(fresh && { fresh }) });
      const how = answer.created ? 'runs again' : 'goes on';
      cli.telling.result(
        answer,
        () => `task ${answer.id} ${how}: pawl show ${answer.id} tells how far it is`,
      );
    });
}

export function describeCancel(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .addHelpText('after', '\nExamples:\n  pawl cancel fix-login-7f3k')
    .action(async (id: string) => {
      const answer = await cli.call('cancel', { id });
      cli.telling.result(answer, () => `task ${answer.id} is ${answer.status}`);
    });
}
