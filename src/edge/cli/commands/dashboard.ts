/** `pawl dashboard`: the link by which a person gets into the dashboard. */
import { type Command, Option } from 'commander';
import { TokenScope } from '../../../domain/scopes.ts';
import type { Cli } from '../cli.ts';
import { safeLine } from '../telling.ts';

const HELP = `
  read      looks only
  operate   plans, reports, runs and cancels too
  approve   decides too, under your name

Examples:
  pawl dashboard
  pawl dashboard --open
  pawl dashboard --scope read         a link for a screen that others see

The link opens the page once, within ten minutes; its tab then stays in for twelve hours, also after the engine was started again.
From another computer or a phone, an ssh tunnel leads here: ssh -L 8100:127.0.0.1:8100 HOST.`;

export function describeDashboard(command: Command, cli: Cli): void {
  const { world, telling } = cli;
  command
    .addOption(
      new Option('--scope <scope>', 'what the page may do (default: what you may)').choices(
        TokenScope.options,
      ),
    )
    .option('--open', 'open it in the browser of this host')
    .addHelpText('after', HELP)
    .action(async ({ scope, open }: { readonly scope?: TokenScope; readonly open?: boolean }) => {
      const made = await cli.call('dashboard', { ...(scope !== undefined && { scope }) });
      const link = { ...made, url: world.reachable(made.url) };
      const problem = open ? await world.openInBrowser(link.url) : undefined;
      if (problem !== undefined) telling.notice(`pawl: the browser was not opened: ${safeLine(problem)}`);
      telling.result({ ...link, ...(open && { opened: problem === undefined }) }, () => link.url);
    });
}
