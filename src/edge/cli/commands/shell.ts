/** `pawl shell`: a person works in a task's workspace themselves. */
import type { Command } from 'commander';
import { statesIn } from '../../../domain/events.ts';
import { TaskId } from '../../../domain/ids.ts';
import type { Cli } from '../cli.ts';

const HELP = `
Opens your shell ($SHELL) in the task's workspace, with PAWL_TASK, PAWL_BASE_BRANCH and PAWL_BASE_COMMIT set. An agent that
works there pauses: its attempt is cut short, and the next one goes on with what you changed once you leave. At a gate your
next decision takes it up: approve, reject or tell make it an attempt of yours, which is checked and shown and wants an
approval of its own; at an escalation, retry gives it to the agent. Until the shell has ended nothing of the task runs. Only
on the engine's own host.

Examples:
  pawl shell fix-login-7f3k`;

export function addShell(program: Command, cli: Cli): void {
  program
    .command('shell')
    .summary('Work in the workspace of a task yourself')
    .description(
      'Work in the workspace of a task yourself, while its agent pauses or the task waits at a gate.',
    )
    .argument('<id>', 'the task')
    .addHelpText('after', HELP)
    .action(async (id: string) => {
      const goesOn = await cli.world.shell({
        look: () => cli.call('show', { id }),
        states: async (signal) => statesIn((await cli.engine()).news(TaskId.parse(id), signal)),
        tell: (text) => cli.call('tell', { id, text }),
        notice: cli.telling.notice,
      });
      const next =
        goesOn === 'agent'
          ? `the agent goes on with what you changed; pawl logs -f ${id} follows it`
          : `your next decision takes up what you changed; pawl show ${id} says what there is to decide`;
      cli.telling.result({ id }, () => next);
    });
}
