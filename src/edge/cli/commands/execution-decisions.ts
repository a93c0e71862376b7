/** `pawl execution`: what decides how an execution goes on. */
import { type Command, Option } from 'commander';
import { APPROVAL_TYPES, RESOLUTIONS } from '../../../domain/executions/execution-state.ts';
import { problemWithResuming } from '../../../domain/executions/standing.ts';
import { PawlError } from '../../../domain/failures.ts';
import type { Cli } from '../cli.ts';
import { amount, MESSAGE_ID, wholeNumber } from '../options.ts';
import { type Add, steer, tell } from './execution-telling.ts';

const ofExecution = (command: Command): Command => command.argument('<id>', 'the execution');
const ofSkill = (command: Command): Command => ofExecution(command).argument('<skill>', 'the skill');

export function addDecisions(add: Add, cli: Cli): void {
  addGates(add, cli);
  addWays(add, cli);
  addSkills(add, cli);
  addBudget(add, cli);
}

interface GateOptions {
  readonly reason?: string;
  readonly digest?: string;
  readonly messageId?: string;
}

function addGates(add: Add, cli: Cli): void {
  const ofGate = (command: Command) =>
    ofExecution(command)
      .argument('<gate>', 'the gate')
      .option('--digest <digest>', 'decide only on what has this digest (default: on what is shown now)')
      .option(...MESSAGE_ID);
  const decide = (decision: 'approve' | 'reject') => (id: string, gate: string, options: GateOptions) =>
    tell(cli, 'decideGate', { id, gate, decision, ...options, via: 'cli' });
  ofGate(add('approve', 'Approve what an execution shows at a gate', 'x_feature-7f3k plan-is-right'))
    .option('--reason <text>', 'why')
    .action(decide('approve'));
  ofGate(
    add(
      'reject',
      'Reject it: the work goes back where the loop says so',
      'x_feature-7f3k plan-is-right --reason "Keep the old route"',
    ),
  )
    .requiredOption('--reason <text>', 'why; whoever does the work again is told')
    .action(decide('reject'));
  ofExecution(
    add(
      'gates',
      'Set one gate, or all of them: whether it counts, and who decides it',
      'x_feature-7f3k --gate reviewed --disable --reason "Only a text has changed"',
    ),
  )
    .option('--gate <gate>', 'only this one')
    .option('--enable', 'it counts')
    .option('--disable', 'it does not count')
    .addOption(
      new Option('--type <type>', 'who decides; loop: as the loop says').choices([...APPROVAL_TYPES, 'loop']),
    )
    .option('--reason <text>', 'why; needed where a person is not asked any more, or not always')
    .action(async (id: string, { gate, enable, disable, type, reason }: SettingOptions) => {
      await steer(cli, id, {
        act: 'set_gates',
        ...(gate !== undefined && { gate }),
        ...((enable ?? disable) && { enabled: enable === true }),
        ...(type !== undefined && { override: type === 'loop' ? null : type }),
        ...(reason !== undefined && { reason }),
      });
    });
}

interface SettingOptions {
  readonly gate?: string;
  readonly enable?: true;
  readonly disable?: true;
  readonly type?: (typeof APPROVAL_TYPES)[number] | 'loop';
  readonly reason?: string;
}

function addWays(add: Add, cli: Cli): void {
  ofExecution(
    add('advance', 'Begin the next phase, where the engine waits for that word', 'x_feature-7f3k'),
  ).action((id: string) => steer(cli, id, { act: 'advance' }));
  ofExecution(
    add('pause', 'Pause an execution: nothing goes on, and nothing is taken', 'x_feature-7f3k'),
  ).action((id: string) => tell(cli, 'updateExecution', { id, status: 'paused', via: 'cli' }));
  ofExecution(add('resume', 'Let a paused execution go on', 'x_feature-7f3k')).action(async (id: string) => {
    const problem = problemWithResuming(await cli.call('execution', { id }));
    if (problem !== undefined) throw new PawlError('conflict', problem);
    await tell(cli, 'updateExecution', { id, status: 'active', via: 'cli' });
  });
  ofExecution(
    add(
      'abort',
      'End an execution; it stays to be looked at',
      'x_feature-7f3k --reason "Not needed any more"',
    ),
  )
    .option('--reason <text>', 'why')
    .action((id: string, { reason }: { reason?: string }) =>
      steer(cli, id, { act: 'abort', ...(reason !== undefined && { reason }) }),
    );
}

interface BudgetOptions {
  readonly usd?: number;
  readonly attempts?: number;
  readonly minutes?: number;
}

function addBudget(add: Add, cli: Cli): void {
  ofExecution(
    add(
      'budget',
      'Say what an execution may spend in all, where its loop has a bound',
      'x_feature-7f3k --usd 20',
    ),
  )
    .option('--usd <dollars>', 'what its agents may cost', amount)
    .option('--attempts <count>', 'how many attempts they may make', wholeNumber(1, 10_000))
    .option('--minutes <count>', 'how long they may work', wholeNumber(1, 365 * 24 * 60))
    .action((id: string, { minutes, ...more }: BudgetOptions) =>
      steer(cli, id, {
        act: 'raise_budget',
        ...more,
        ...(minutes !== undefined && { wallSeconds: 60 * minutes }),
      }),
    );
}

function addSkills(add: Add, cli: Cli): void {
  ofSkill(
    add('retry', 'Go on with a skill that failed, or have the engine look again', 'x_feature-7f3k build'),
  ).action((id: string, skill: string) => steer(cli, id, { act: 'retry', skill }));
  ofSkill(
    add(
      'reset',
      'Do a skill, and what came after it in its phase, again; its commits stay on the branch, and whoever does it again finds them',
      'x_feature-7f3k build',
    ),
  ).action((id: string, skill: string) => steer(cli, id, { act: 'reset', skill }));
  ofSkill(add('skip', 'Leave a skill out', 'x_bugfix-7f3k retrospective --reason "It was a typing error"'))
    .requiredOption('--reason <text>', 'why')
    .action((id: string, skill: string, { reason: summary }: { reason: string }) =>
      tell(cli, 'completeSkill', { id, skill, outcome: 'skipped', summary, via: 'cli' }),
    );
  ofSkill(add('pick', 'Pick one of several that were made', 'x_feature-7f3k draft claude'))
    .argument('<item>', 'the one that counts')
    .action((id: string, skill: string, item: string) => steer(cli, id, { act: 'pick', skill, item }));
  const ofPart = (command: Command) =>
    ofExecution(command).option('--skill <skill>', 'of this skill').option('--gate <gate>', 'of this gate');
  ofPart(
    add('look', 'Have the engine look again at a skill or gate', 'x_feature-7f3k --gate reviewed'),
  ).action((id: string, part: Part) => steer(cli, id, { act: 'look', ...part }));
  ofPart(
    add(
      'resolve',
      'Take a guarantee as met otherwise, or waive it',
      'x_feature-7f3k spec-written --skill spec --as waived_with_reason --reason "It is in the wiki"',
    ),
  )
    .argument('<guarantee>', 'the guarantee')
    .addOption(new Option('--as <how>', 'how it is resolved').choices(RESOLUTIONS).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, or what shows it')
    .action((id: string, guarantee: string, { as: type, reason: evidence, ...part }: ResolveOptions) =>
      steer(cli, id, { act: 'resolve', guarantee, type, evidence, ...part }),
    );
}

interface Part {
  readonly skill?: string;
  readonly gate?: string;
}

interface ResolveOptions extends Part {
  readonly as: (typeof RESOLUTIONS)[number];
  readonly reason: string;
}
