/**
 * The step that opens a workspace: worktree, the base commit's own configuration, set-up command. Where an earlier run of
 * the task could not clean up after itself, that is done first.
 */
import { baseConfiguration } from '../domain/base-configuration.ts';
import { CONFIGURATION_FILE } from '../domain/configuration-name.ts';
import { boundedConflict } from '../domain/conflicts.ts';
import { copiedPathsOf } from '../domain/copied-paths.ts';
import { PawlError } from '../domain/failures.ts';
import { clip, LIMITS, tail } from '../domain/limits.ts';
import type { Prepared, PrepareInput, ResumedWork, TaskRef } from '../domain/steps.ts';
import type { AgentChoice } from '../domain/task-spec.ts';
import type { Submodules } from '../domain/wanted-submodules.ts';
import { endWorkspace, keptAs } from './delivery.ts';
import type { ActivityDeps } from './deps.ts';
import { stepFailure } from './failure.ts';
import { maskFor } from './masking.ts';
import type { Resumed } from './ports/workspaces-port.ts';
import type { Running } from './running.ts';
import { howItFailed, runSetup, type SetupRun } from './set-up.ts';
import { expectSetup, expectStart, expectStartable } from './startable.ts';

export async function prepareWorkspace(
  deps: ActivityDeps,
  input: PrepareInput,
  run: Running,
): Promise<Prepared> {
  const { workspaces, parseConfiguration, forge } = deps;
  // Before anything is read, fetched or run for it.
  if (!deps.isStartedHere(input.task.id, input.start)) throw startedPast(input.task.id);
  // Before an agent spends money on what could not be delivered.
  const undeliverable = await forge.problem(input.task);
  if (undeliverable !== undefined) throw new PawlError('precondition', undeliverable);
  const leftOver = await workspaces.leftOver(input.task);
  const before = leftOver === undefined ? [] : (await endWorkspace(deps, { task: input.task })).kept;
  const { goesOn = false, from } = input;
  const { baseCommit, dirty, kept, begun, notes: found } = await workspaces.prepare(input.task, goesOn, from);
  const path = await expectStart(deps, input.task);
  // What a skill has made of it counts once a person has approved the delivery.
  const configured = input.task.trunk?.commit ?? baseCommit;
  const text = await workspaces.fileAt(input.task, configured, CONFIGURATION_FILE);
  const configuration = parseConfiguration(text ?? '');
  const agent = agentOf(input.agent, configuration.agents);
  const problem = await deps.agents(agent)?.problem(agent);
  if (problem !== undefined) throw stepFailure('setup_failed', problem.message);
  const copied = copiedPathsOf(configuration.copy, input.copy);
  await workspaces.copy(input.task, baseCommit, copied);
  await expectSubmodules(deps, input.task, baseCommit, configuration.submodules);
  const setup = input.setup ?? configuration.setup;
  if (setup !== undefined) expectSetup(deps.programs, setup, path);
  const took =
    setup === undefined || begun
      ? undefined
      : await setUp(deps, input, { command: setup, cwd: path, baseCommit }, run);
  if (setup !== undefined && !begun) await workspaces.noteSetup(input.task);
  const checks = input.checks ?? configuration.checks;
  const notes = [
    ...(copied.length === 0 ? [] : [`copied from ${input.task.repository}: ${copied.join(', ')}`]),
    ...found,
    ...expectStartable(deps.programs, { agent, checks }, path),
  ];
  const resumed = goesOn ? await workspaces.goOn(input.task) : undefined;
  return {
    baseCommit,
    ...baseConfiguration({ ...configuration, checks, setup }),
    agent,
    dirty,
    ...(took === undefined ? {} : { setup: { durationMs: took } }),
    ...(resumed === undefined ? {} : { resumed: bounded(resumed) }),
    ...keptAs([...before, ...kept, ...(resumed?.kept ?? [])]),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

async function expectSubmodules(
  { workspaces }: ActivityDeps,
  task: TaskRef,
  base: string,
  wanted: Submodules = false,
): Promise<void> {
  const problems = await workspaces.submodules(task, { base, commit: base, wanted });
  if (problems.length === 0) return;
  const words = clip(problems.join('; '), LIMITS.noteCharsMax);
  throw stepFailure('setup_failed', `${CONFIGURATION_FILE} of ${task.base} wants submodules: ${words}`);
}

/** It stays in history. */
function bounded(resumed: Resumed): ResumedWork {
  const { kind, commit } = resumed;
  if (kind !== 'conflict') return { kind, commit };
  return { kind, commit, ...boundedConflict(resumed) };
}

const startedPast = (id: string): Error =>
  stepFailure(
    'rejected',
    `expected a run that the engine of this home has started, found ${id} started past it: nothing was done; start it with \`pawl run\`, or let somebody who may approve \`pawl retry ${id}\``,
  );

/** An agent named in the base commit's configuration is a `command` with that program. */
function agentOf(
  choice: AgentChoice,
  named: Readonly<Record<string, Omit<AgentChoice, 'name'>>>,
): AgentChoice {
  const found = named[choice.name];
  return choice.command === undefined && found !== undefined
    ? { ...found, ...choice, command: found.command }
    : choice;
}

async function setUp(
  deps: ActivityDeps,
  input: PrepareInput,
  run: Pick<SetupRun, 'command' | 'cwd' | 'baseCommit'>,
  { signal }: Running,
): Promise<number> {
  const { task } = input;
  const started = {
    owner: task,
    mark: deps.marks.ofStep(task.id, 'setup'),
    mask: maskFor(deps, input),
    ...run,
  };
  const result = await runSetup(deps, started, signal);
  if (result.exitCode === 0) return result.durationMs;
  throw stepFailure('setup_failed', `set-up \`${run.command.join(' ')}\` ${howItFailed(result)}`, {
    output: tail(result.output),
  });
}
