/** What the commands below `pawl execution` share: how they are added, and how an execution is told something. */
import type { Command } from 'commander';
import type { Act } from '../../../domain/executions/execution-messages.ts';
import type { CallOf, OutputOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { safeLine } from '../telling.ts';

/** A command below `execution`, with what all of them have. */
/** @param example what follows `pawl execution <word>` */
export type Add = (word: string, summary: string, example: string) => Command;

type Told = 'updateExecution' | 'completeSkill' | 'decideGate' | 'steerExecution';

/** Says it, and how the execution stands then. */
export async function tell<N extends Told>(cli: Cli, name: N, input: CallOf<N>): Promise<void> {
  const answer = (await cli.call(name, input)) as OutputOf<Told>;
  const { id, status, currentPhase, blockedBy, isLookedAt } = answer;
  cli.telling.result(answer, () =>
    [
      `execution ${id} is ${status} in ${currentPhase}`,
      ...(blockedBy === undefined ? [] : [`  ${safeLine(blockedBy)}`]),
      ...(isLookedAt === undefined ? [] : [`  the engine still looks at ${isLookedAt.join(', ')}`]),
    ].join('\n'),
  );
}

/** @param given with the options of its command, of which `--json` is no part of what is done */
export function steer(cli: Cli, id: string, given: Act & { readonly json?: unknown }): Promise<void> {
  const { json: _, ...act } = given;
  return tell(cli, 'steerExecution', { id, steer: act as Act, via: 'cli' });
}
