/** Commands that only read: `list`, `show`, `gates`, `diff`. */
import { type Command, Option } from 'commander';
import { nextAt } from '../../../domain/gates.ts';
import { ExecutionId } from '../../../domain/ids.ts';
import { LIMITS } from '../../../domain/limits.ts';
import type { CallOf } from '../../../domain/operations.ts';
import { COMPLEXITIES, SPECIALISTS } from '../../../domain/plan.ts';
import type { TaskRow } from '../../../domain/rows.ts';
import { type Gate, TASK_STATUSES, type TaskState, type TaskStatus } from '../../../domain/task-state.ts';
import type { Cli } from '../cli.ts';
import { detailsOf } from '../details.ts';
import { executionText } from '../execution-text.ts';
import { absolute, wholeNumber } from '../options.ts';
import { LABEL_WIDTH, renderLine } from '../render.ts';
import { storyOf } from '../story.ts';
import { safeLine, safeText, styled } from '../telling.ts';
import type { Screen } from '../world.ts';

export function describeList(command: Command, cli: Cli): void {
  command
    .addOption(new Option('--status <status...>', 'only tasks in these states').choices(TASK_STATUSES))
    .option('--repo <dir>', 'only tasks of this repository')
    .option('--session <id>', 'only tasks of this session')
    .option('--parent <id...>', 'only the parts of these tasks')
    .option('--id <id...>', 'only these tasks')
    .option('--type <word...>', 'only such work')
    .addOption(new Option('--complexity <size...>', 'only what is so hard').choices(COMPLEXITIES))
    .addOption(new Option('--specialist <role...>', 'only what is for them').choices(SPECIALISTS))
    .option('--text <words>', 'only tasks with these words in title or description')
    .option('--created-after <time>', 'only younger tasks, such as 2026-12-31T00:00:00Z')
    .option('--created-before <time>', 'only older tasks')
    .option('--archived', 'only tasks that were put away')
    .option('--with-archived', 'tasks that were put away as well, whatever --status says')
    .addOption(new Option('--order <order>', 'which come first').choices(['newest', 'oldest']))
    .option('--limit <n>', 'at most so many', wholeNumber(1, LIMITS.listPageMax), 100)
    .option('--offset <n>', 'leave out the newest so many', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .addHelpText('after', '\nExamples:\n  pawl list\n  pawl list --status in_progress awaiting_gate --repo .')
    .action(async ({ json: _, repo, ...filter }: CallOf<'list'> & { json?: boolean; repo?: string }) => {
      const repository =
        repo === undefined ? undefined : await cli.world.inspectRepository(absolute(cli, repo));
      const answer = await cli.call('list', {
        ...filter,
        ...(repository === undefined ? {} : { repository: repository.repository }),
      });
      const { limit: _limit, offset = 0, order: _order, ...selecting } = filter;
      const isSelected = repo !== undefined || Object.keys(selecting).length > 0;
      cli.telling.result(answer, () => {
        if (answer.total === 0) return isSelected ? 'no such tasks' : 'no tasks: pawl run "…" starts one';
        const more = answer.total - offset - answer.tasks.length;
        const rest = more > 0 ? [`and ${more} more: --limit and --offset show them`] : [];
        return [...tableOf(answer.tasks, cli.telling.people), ...rest].join('\n');
      });
    });
}

const STATUS_STYLE = {
  pending: 'dim',
  blocked: 'yellow',
  in_progress: 'cyan',
  awaiting_gate: 'yellow',
  completed: 'green',
  failed: 'red',
  cancelled: 'dim',
} as const satisfies Record<TaskStatus, string>;

function tableOf(rows: readonly TaskRow[], screen: Screen): readonly string[] {
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  const urgencies = Math.max(0, ...rows.map(({ priority = '' }) => priority.length));
  return rows.map(({ id, status, title, priority = '', startedAt }) => {
    const state = styled(screen, STATUS_STYLE[status], status.padEnd(13));
    const urgency = urgencies === 0 ? '' : `  ${priority.padEnd(urgencies)}`;
    return `${id.padEnd(width)}  ${state}  ${startedAt.slice(0, 16).replace('T', ' ')}${urgency}  ${safeLine(title)}`;
  });
}

export function describeShow(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task, or an execution')
    .addHelpText(
      'after',
      '\nExamples:\n  pawl show fix-login-7f3k\n  pawl show fix-login-7f3k --json\n  pawl show x_bugfix-7f3k',
    )
    .action(async (id: string) => {
      if (ExecutionId.safeParse(id).success) return showExecution(cli, id);
      const task = await cli.call('show', { id });
      cli.telling.result({ task }, () => wordsOf(task, cli.telling.people));
    });
}

/** Of a line where no terminal bounds it. */
const FILE_WIDTH = 200;

export async function showExecution(cli: Cli, id: string): Promise<void> {
  const state = await cli.call('execution', { id });
  const { live, columns } = cli.telling.people;
  const width = live === undefined ? FILE_WIDTH : columns;
  cli.telling.result(state, () => executionText(state, { nowMs: cli.world.date(), width }));
}

function wordsOf(task: TaskState, screen: Screen): string {
  const lines = storyOf(task).map((line) => renderLine(line, screen));
  const details = detailsOf(task).map(
    ({ label, text }) => `    ${label === '' ? '' : label.padEnd(LABEL_WIDTH)}${text}`,
  );
  const waiting = task.waitingFor === undefined ? '' : ` (${safeLine(task.waitingFor)})`;
  const pull = task.pullRequest === null ? [] : [`  ${safeLine(task.pullRequest.url)}`];
  const next = task.gates.flatMap((gate) =>
    gate.next === undefined ? [] : [`  next: ${safeLine(gate.next)}`],
  );
  const output = task.failure?.output === undefined ? [] : ['', safeText(task.failure.output).trimEnd()];
  return [
    ...lines,
    ...details,
    `  status: ${styled(screen, STATUS_STYLE[task.status], task.status)}${waiting}`,
    ...pull,
    ...next,
    ...output,
  ].join('\n');
}

export function describeGates(command: Command, cli: Cli): void {
  command
    .addHelpText(
      'after',
      '\nExamples:\n  pawl gates\n  pawl diff fix-login-7f3k && pawl approve fix-login-7f3k',
    )
    .action(async () => {
      const answer = await cli.call('gates', {});
      cli.telling.result(answer, () =>
        answer.gates.length === 0
          ? 'nothing waits for a decision'
          : answer.gates
              .map(({ id, title, gate }) =>
                [
                  `${id}  ${gate.id ?? gate.gate}  ${sinceOf(gate)}${safeLine(title)}: ${safeLine(gate.question ?? '')}`,
                  `  next: ${safeLine(gate.next ?? nextAt(id, gate))}`,
                ].join('\n'),
              )
              .join('\n'),
      );
    });
}

/** An older engine does not say it. */
const sinceOf = ({ openedAt }: Gate): string =>
  openedAt === undefined ? '' : `since ${openedAt.slice(0, 16).replace('T', ' ')}  `;

export function describeDiff(command: Command, cli: Cli): void {
  command
    .argument('<id>', 'the task')
    .addHelpText(
      'after',
      '\nExamples:\n  pawl diff fix-login-7f3k | less\n  pawl diff fix-login-7f3k | git apply --index',
    )
    .action(async (id: string) => {
      const answer = await cli.call('diff', { id });
      const { json, people } = cli.telling;
      // A terminal gets no control characters; a pipe gets the patch byte by byte, so that git can apply it.
      if (json || people.live !== undefined) {
        cli.telling.result(answer, () => safeText(answer.patch).trimEnd());
      } else {
        people.write(answer.bytes === undefined ? answer.patch : Buffer.from(answer.bytes, 'base64'));
      }
    });
}

export function describeCount(command: Command, cli: Cli): void {
  command
    .option('--session <id>', 'only tasks of this session')
    .addHelpText('after', '\nExamples:\n  pawl count')
    .action(async ({ session }: CallOf<'count'>) => {
      const answer = await cli.call('count', session === undefined ? {} : { session });
      const counts = Object.entries(answer.byStatus).filter(([, count]) => count > 0);
      cli.telling.result(
        answer,
        () => counts.map(([status, count]) => `${count} ${status}`).join('\n') || 'no tasks',
      );
    });
}
