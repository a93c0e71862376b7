/** Taking a task to work on it. */
import { z } from 'zod';
import { isClosed } from '../../../domain/task-state.ts';
import { tool } from '../../mcp/tool.ts';
import { ROLES } from '../../specialists.ts';
import { Dependency, dependenciesOf, isLost, wayOut } from './dependency-status.ts';
import { ownTask, sessionOf } from './own-tasks.ts';
import { WORKS } from './translation.ts';
import { Answered, Specialist, Status, statusThere, TaskIdField } from './words.ts';

export const executeTask = tool({
  name: 'orchestrator_execute_task',
  title: 'Take a task to work on it',
  description:
    'Claims the task for the caller and answers what is needed to do it: role, instructions, results of what it depends on, and an attempt token to complete it with.',
  input: z.strictObject({ task_id: TaskIdField }),
  output: z.looseObject({
    ...Answered,
    status: z.enum(['ready_for_execution', 'blocked']),
    task_id: z.string(),
    task_title: z.string(),
    task_description: z.string(),
    task_status: Status,
    specialist_type: Specialist,
    specialist_context: z.object({
      role: z.string(),
      purpose: z.string(),
      approach: z.string(),
      done_when: z.string(),
    }),
    specialist_prompts: z.array(z.string()),
    execution_instructions: z.array(z.string()),
    dependencies_completed: z.boolean(),
    dependencies: z.array(Dependency),
    open_dependencies: z.array(z.string()),
    estimated_effort: z.string().nullable(),
    attempt: z.int(),
    attempt_token: z.string().nullable(),
    next_steps: z.array(z.string()),
  }),
  hints: WORKS,
  keeps: 'whole',
  needsAnswer: true,
  async call(engine, input, context) {
    const session = await sessionOf(engine, context);
    const before = await ownTask(engine, session, input.task_id);
    // Read first: a claim whose answer cannot be given would fence off whoever holds the task.
    const dependencies = await dependenciesOf(engine, before);
    const waits = (before.openDependencies ?? []).length > 0 && !isClosed(before.status);
    const claim = waits ? undefined : await engine.claim({ id: before.id }, context.keyed?.context);
    const state = waits ? before : await engine.show({ id: before.id });
    // By now somebody else may have claimed it.
    const attempt = claim?.claim ?? state.claims ?? 0;
    const role = state.plan?.specialist ?? 'generic';
    const open = state.openDependencies ?? [];
    const waitedFor = dependencies.filter(({ task_id }) => open.includes(task_id));
    const { is, works, done } = ROLES[role];
    const structured = {
      success: true as const,
      message: waits ? waitsText(state.id, waitedFor) : yoursText(state.id, attempt, claim?.takenFrom),
      status: waits ? ('blocked' as const) : ('ready_for_execution' as const),
      task_id: state.id,
      task_title: state.title,
      task_description: state.description,
      task_status: statusThere(state),
      specialist_type: role,
      specialist_context: { role, purpose: is, approach: works, done_when: done },
      specialist_prompts: [`${is}.`, works, `You are done when ${done}.`],
      execution_instructions: [
        'Do what the description says and nothing else.',
        'Report progress with orchestrator_update_task.',
        'End with orchestrator_complete_task: a summary, the detailed work, and the attempt_token.',
      ],
      dependencies_completed: open.length === 0,
      dependencies,
      open_dependencies: open,
      estimated_effort: state.plan?.effort ?? null,
      attempt,
      attempt_token: claim?.attemptToken ?? null,
      next_steps: waits
        ? waitedFor.map((one) => wayOut(state.id, one))
        : ['work on it', 'then call orchestrator_complete_task with the attempt_token'],
    };
    const results = dependencies.flatMap(({ task_id, summary }) =>
      summary === null ? [] : [`${task_id}: ${summary}`],
    );
    const text = [structured.message, '', state.description, ...results].join('\n').trim();
    return { structured, text };
  },
});

function yoursText(id: string, attempt: number, takenFrom: string | undefined): string {
  const from = takenFrom === undefined ? '' : `, taken from ${takenFrom}`;
  return `task ${id} is yours, attempt ${attempt}${from}`;
}

function waitsText(id: string, waitedFor: readonly Dependency[]): string {
  const lost = waitedFor.filter(isLost).map((one) => `${one.task_id} is ${one.status}`);
  if (lost.length > 0) return `task ${id} waits in vain: ${lost.join(', ')}`;
  const names = waitedFor.map((one) => one.task_id);
  return `task ${id} waits for ${names.join(', ')}: nobody can work on it yet`;
}
