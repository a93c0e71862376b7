/** `pawl init`: proposes a `pawl.yaml` from what the repository has. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { absolute } from '../options.ts';
import { safeText } from '../telling.ts';

interface InitOptions {
  readonly repo: string;
  readonly print?: boolean;
  readonly force?: boolean;
}

const EXAMPLES = `
Examples:
  pawl init                 writes pawl.yaml into the repository around this folder
  pawl init --print         only shows what it would write
  pawl init --repo ../shop --force`;

export function addInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .summary('Propose a pawl.yaml from what the repository has')
    .description(
      'Propose a pawl.yaml (set-up, checks) from what the repository has, and write it where there is none.',
    )
    .option('--repo <dir>', 'the git repository', '.')
    .option('--print', 'only show it')
    .option('--force', 'overwrite the file that is there')
    .addHelpText('after', EXAMPLES)
    .action(async ({ repo, print, force }: InitOptions) => {
      const { world, telling } = cli;
      const proposal = await world.propose(absolute(cli, repo));
      const written = print !== true;
      if (written) await world.writeProposal(proposal, force === true);
      const { path, text, hasChecks, problems } = proposal;
      telling.result({ path, text, hasChecks, problems, written }, () => safeText(text).trimEnd());
      for (const problem of problems) telling.notice(problem);
      if (written)
        telling.notice(`wrote ${path}: read it, then commit it, because Pawl reads it from the base branch`);
      if (!hasChecks)
        telling.notice(
          'found nothing that could check a change: until you add a check, results are unverified',
        );
    });
}
