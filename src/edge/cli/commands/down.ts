/** `pawl down`: the end of the engine of this home, and of the programs that one that hung or was killed has left at work. */
import type { Command } from 'commander';
import { counted } from '../../../domain/counted.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit.ts';
import { untilAborted } from '../interrupt.ts';
import { safeLine } from '../telling.ts';
import type { Stopped } from '../world.ts';

const HELP = `
Examples:
  pawl down

An engine that does not end in time is killed; the programs that it has left at work are ended as well, and their attempts
go on as after any crash. Exit code 5 where some of them still run.`;

export function addDown(program: Command, cli: Cli): void {
  const { world, telling } = cli;
  program
    .command('down')
    .summary('Stop the engine')
    .description('Stop the engine of this home. Tasks go on when it is started again.')
    .addHelpText('after', HELP)
    .action(async () => {
      const notice = (line: string) => (telling.json ? undefined : telling.notice(line));
      const stopped = await untilAborted(world.down(notice), world.signal);
      telling.result({ ...stopped }, () => linesOf(stopped).map(safeLine).join('\n'));
      for (const line of leftLines(stopped)) telling.notice(`pawl: ${safeLine(line)}`);
      if (stopped.left.length > 0) cli.exit(EXIT.programsLeft);
    });
}

function linesOf({ stopped, killed, ended }: Stopped): readonly string[] {
  if (!stopped) return ['no engine was running'];
  const number = ended.reduce((sum, { pids }) => sum + pids.length, 0);
  const steps = ended.map(({ of }) => of).join(', ');
  return [
    killed ? 'the engine did not answer, and was killed' : 'the engine is stopped',
    ...(number === 0
      ? []
      : [
          `${counted(number, 'program')} that it had left at work ended too (${steps}): \`pawl up -d\` goes on`,
        ]),
  ];
}

const leftLines = ({ left }: Stopped): readonly string[] =>
  left.map(
    ({ of, pids, reason }) =>
      `${of} still runs (pid ${pids.join(', ')}), and nobody watches it: ${reason}; \`pawl up -d\` ends it before anything goes on, or end it yourself`,
  );
