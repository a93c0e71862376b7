/** Beginning an execution of a loop from the command line, whoever does its skills: `pawl execution start`, `pawl run --loop`. */

import { PawlError } from '../../../domain/failures.ts';
import { executionIdFrom } from '../../../domain/ids.ts';
import { problemsWithGiven } from '../../../domain/loops/inputs.ts';
import type { Given } from '../../../domain/loops/plan-words.ts';
import { openTexts, titleOfWish } from '../../../domain/loops/wish.ts';
import type { CallOf, OutputOf } from '../../../domain/operations.ts';
import type { Cli } from '../cli.ts';
import { followExecution } from '../follow-execution.ts';
import { planText } from '../loop-plan-text.ts';
import { type Pair, valuesFrom } from '../typed-pairs.ts';
import { noteUncommitted } from '../uncommitted-loop.ts';

type Start = CallOf<'startExecution'>;

export interface LoopStart extends Pick<Start, 'autonomy' | 'mode' | 'driver' | 'title' | 'priority'> {
  /** Absolute. */
  readonly project: string;
  readonly id?: string;
  readonly input?: readonly Pair[];
  /** What should be done, in words: the value of the one text that the loop has to be given. */
  readonly wish?: string | undefined;
  /** It is followed to its end. */
  readonly isFollowed?: boolean;
  /** Only the plan is shown. */
  readonly dryRun?: boolean | undefined;
}

/** @throws PawlError `invalid_input` for a wish where it is not plain which input it is */
export async function startLoop(cli: Cli, loop: string, start: LoopStart): Promise<void> {
  const { project, input = [], id, wish, dryRun, isFollowed, ...more } = start;
  const shown = await cli.call('loop', { loop, repository: project });
  noteUncommitted(cli, shown);
  const types = Object.fromEntries(shown.plan.inputs.map(({ name, type }) => [name, type]));
  const inputs = { ...valuesFrom(input, types), ...wished(shown, input, wish) };
  if (dryRun === true) return showDry(cli, shown, { inputs, priority: more.priority });
  const named = id ?? executionIdFrom(loop, cli.world.newSuffix());
  const title = more.title ?? titleOfWish(wish ?? '');
  const titled = { ...more, ...(title !== undefined && { title }) };
  const answer = await cli.call('startExecution', { id: named, loop, project, inputs, ...titled });
  if (isFollowed !== true) return cli.telling.result(answer, () => beganText(answer));
  const { world, telling } = cli;
  if (!answer.created) telling.notice(`execution ${answer.id} was started already: following it`);
  cli.exit(await followExecution({ world, telling, engine: await cli.engine() }, answer.id));
}

/** @throws PawlError `invalid_input` as a start; what has not been said yet is shown as such */
function showDry(cli: Cli, shown: OutputOf<'loop'>, given: Given): void {
  const { plan } = shown;
  const problems = problemsWithGiven(plan, given.inputs);
  if (problems.length > 0)
    throw new PawlError('invalid_input', problems.map((problem) => `inputs.${problem}`).join('; '), {
      details: [['inputs']],
    });
  cli.telling.result({ ...shown, given }, () => `${planText(shown, given)}\n\nNothing was started.`);
}

function wished(
  { plan }: OutputOf<'loop'>,
  given: readonly Pair[],
  wish: string | undefined,
): Record<string, string> {
  if (wish === undefined) return {};
  const open = openTexts(
    plan.inputs,
    given.map(({ name }) => name),
  );
  const [one, ...others] = open;
  if (one !== undefined && others.length === 0) return { [one]: wish };
  const names = plan.inputs.map(({ name }) => name).join(', ') || 'none';
  throw new PawlError(
    'invalid_input',
    `expected one text that ${plan.loop} still has to be given, found ${open.length}: give its inputs by name instead (${names}), as --input name=value`,
  );
}

function beganText({ id, created, branch }: OutputOf<'startExecution'>): string {
  const how = created ? 'begun' : 'there already';
  return branch === undefined
    ? `execution ${id} is ${how}: \`pawl execution show ${id}\` tells what is to do`
    : `execution ${id} is ${how}, its agents work on the branch ${branch}: \`pawl execution show ${id}\` tells how it stands and what waits for you`;
}
