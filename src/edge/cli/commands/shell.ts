/** `pawl shell`: a person works in a task's workspace themselves. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

const HELP = `
Opens your shell ($SHELL) in the task's workspace while the task waits at a gate, with PAWL_TASK, PAWL_BASE_BRANCH and
PAWL_BASE_COMMIT set. What you change there is taken up with your next decision: approve, reject or tell make it an attempt
of yours, which is checked and shown and wants an approval of its own; at an escalation, retry gives it to the agent.
Until the shell has ended nothing of the task runs. Only on the engine's own host.

Examples:
  pawl shell fix-login-7f3k`;

export function addShell(program: Command, cli: Cli): void {
  program
    .command('shell')
    .summary('Work in the workspace of a task yourself')
    .description('Work in the workspace of a task yourself, while it waits at a gate.')
    .argument('<id>', 'the task')
    .addHelpText('after', HELP)
    .action(async (id: string) => {
      await cli.world.shell(() => cli.call('show', { id }));
      const next = `your next decision takes up what you changed; pawl show ${id} says what there is to decide`;
      cli.telling.result({ id }, () => next);
    });
}
