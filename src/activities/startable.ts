/**
 * Whether the programs of a task can be started, looked at once its set-up has run and before its agent is paid. What may yet
 * come with the change is no reason to refuse: a check whose program is a file of the workspace.
 */
import { isOfWorkspace } from '../domain/command-line.ts';
import { PawlError } from '../domain/failures.ts';
import type { Problem } from '../domain/lacks.ts';
import type { TaskRef } from '../domain/steps.ts';
import type { AgentChoice, CheckDefinition, Command } from '../domain/task-spec.ts';
import { stepFailure } from './failure.ts';
import type { ProgramRunner } from './ports/programs-port.ts';
import type { Workspaces } from './ports/workspaces-port.ts';

/**
 * Where set-up and agent start.
 * @throws PawlError `precondition` where the base, as it is by now, does not have the task's folder
 */
export async function expectStart(
  { workspaces }: { readonly workspaces: Pick<Workspaces, 'startOf'> },
  task: TaskRef,
): Promise<string> {
  const start = await workspaces.startOf(task);
  if (start !== undefined) return start;
  throw new PawlError('precondition', `${task.base} has no folder ${JSON.stringify(task.dir)} any more`);
}

/** @throws ApplicationFailure `setup_failed` naming a program of set-up that is not there: nothing comes before set-up */
export function expectSetup(programs: Pick<ProgramRunner, 'problem'>, setup: Command, cwd: string): void {
  const problem = programs.problem(setup, cwd);
  if (problem !== undefined) throw refusal('set-up', problem);
}

/**
 * Answers what a person should know: programs of checks that the change has to bring.
 * @param cwd where agent and checks start
 * @throws ApplicationFailure `setup_failed` naming a program that nothing to come can bring
 */
export function expectStartable(
  programs: Pick<ProgramRunner, 'problem'>,
  { agent, checks }: { readonly agent: AgentChoice; readonly checks: readonly CheckDefinition[] },
  cwd: string,
): readonly string[] {
  const notes: string[] = [];
  // Those that are not of the workspace its adapter has looked for.
  if (agent.command !== undefined && isOfWorkspace(agent.command)) {
    const problem = programs.problem(agent.command, cwd);
    if (problem !== undefined) throw refusal(`agent ${agent.name}`, problem);
  }
  for (const { name, run } of checks) {
    const problem = programs.problem(run, cwd);
    if (problem === undefined) continue;
    if (!isOfWorkspace(run)) throw refusal(`check ${name}`, problem);
    notes.push(`check ${name}: ${run[0]} is not in the workspace yet, so the change has to bring it`);
  }
  return notes;
}

const refusal = (what: string, { message }: Problem): Error =>
  stepFailure('setup_failed', `${what}: ${message}`);
