/**
 * What a task is started with, looked at once more: a start by hand (Temporal Web UI, CLI) may carry anything, and what
 * is no task must fail in words, not for ever. Not the schema of `domain/task-spec.ts`: that may become stricter, and what
 * was begun under the older one must still replay.
 */
import type { TaskSpec } from '../domain/task-spec.ts';

export function isSpecOf(spec: unknown, workflowId: string): spec is TaskSpec {
  if (!isObject(spec) || spec.id !== workflowId || !areTexts(spec.title, spec.description)) return false;
  if (spec.kind === 'client_driven')
    return (
      (spec.context === undefined || isObject(spec.context)) &&
      (spec.plan === undefined || isPlan(spec.plan)) &&
      (spec.done === undefined || (Array.isArray(spec.done) && areTexts(...spec.done)))
    );
  return spec.kind === 'agent_run' && isAgentRun(spec);
}

const isPlan = (plan: unknown): boolean =>
  isObject(plan) &&
  (plan.dependencies === undefined || (Array.isArray(plan.dependencies) && areTexts(...plan.dependencies)));

function isAgentRun({
  repository,
  base,
  dir = '',
  copy = [],
  host,
  agent,
  policy,
  checks,
  setup,
}: Fields): boolean {
  return (
    areTexts(repository, base, dir, host) &&
    Array.isArray(copy) &&
    areTexts(...copy) &&
    isObject(agent) &&
    areTexts(agent.name) &&
    (agent.command === undefined || isCommand(agent.command)) &&
    isObject(policy) &&
    POLICY.every((name) => typeof policy[name] === 'number') &&
    (checks === undefined || (Array.isArray(checks) && checks.every(isCheck))) &&
    (setup === undefined || isCommand(setup))
  );
}

const POLICY = ['attemptsMax', 'fixAttemptsMax', 'attemptSecondsMax', 'stallSecondsMax'];

const isCheck = (check: unknown): boolean => isObject(check) && areTexts(check.name) && isCommand(check.run);

const isCommand = (command: unknown): boolean =>
  Array.isArray(command) && command.length > 0 && areTexts(...command);

const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string');

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
