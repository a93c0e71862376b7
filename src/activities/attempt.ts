/**
 * The step that lets an agent work and commits what it left. What it learns on the way (process, checkpoint, report) is
 * in the journal before it counts, so that a kill at any moment costs at most the work since the last checkpoint.
 */
import { type ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { tooLittleRoom } from '../domain/disk-full.ts';
import { type FailureClass, PawlError } from '../domain/failures.ts';
import { TaskId } from '../domain/ids.ts';
import { tail } from '../domain/limits.ts';
import { wellFormed } from '../domain/lone-surrogates.ts';
import { type Mask, maskAll } from '../domain/mask.ts';
import type { AttemptFailureDetails, AttemptInput, AttemptResult } from '../domain/steps.ts';
import { untilItMayWork } from './attempt-waits.ts';
import { createWatcher, type Watcher } from './attempt-watcher.ts';
import type { ActivityDeps } from './deps.ts';
import { stepFailure } from './failure.ts';
import { maskError, maskedLog, titleMasked, variablesFor } from './masking.ts';
import { ownerVariables } from './owner-variables.ts';
import { AgentFailure, type AgentReport, type AgentRequest } from './ports/agent-port.ts';
import type { AttemptLog } from './ports/storage-port.ts';
import type { VariablesNow } from './ports/variables-port.ts';
import { isShutdown, type Running } from './running.ts';
import { settleAttempt } from './settle-attempt.ts';
import { readyBeside, type SpaceBeside } from './space-beside.ts';

export async function runAttempt(
  deps: ActivityDeps,
  input: AttemptInput,
  run: Running,
): Promise<AttemptResult> {
  const { task, attempt } = input;
  const log = deps.logs.open(task, attempt.number);
  const nowFor = () => variablesFor(deps, input, [attempt.token, tokenOf(deps, input)]);
  let { mask } = nowFor();
  try {
    const release = await untilItMayWork(deps, input, run, maskedLog(mask, log)).catch((error: unknown) => {
      if (!isShutdown()) throw error;
      const message = 'the worker shut down before the attempt had begun';
      throw stepFailure('interrupted', message, { neverBegun: true });
    });
    let beside: SpaceBeside | undefined;
    try {
      await expectDeliverable(deps, input);
      await expectRoom(deps);
      // Not before: a person may change `.env` while the attempt waits.
      const variables = nowFor();
      mask = variables.mask;
      beside = readyBeside(deps, input, run, maskedLog(mask, log));
      return await attemptNow(deps, input, run, variables, maskedLog(mask, log));
    } catch (error) {
      beside?.stop();
      throw error;
    } finally {
      release();
      await beside?.ended();
    }
  } catch (thrown) {
    const error = maskError(mask, thrown);
    maskedLog(mask, log).write({
      type: 'ended',
      text: error instanceof Error ? error.message : String(error),
    });
    throw error;
  } finally {
    await log.close();
  }
}

/**
 * While the task waited for a person, they may have done what its next commit could not get past, such as commits of their
 * own on its branch: said before an agent is paid, as it was before the first attempt.
 */
async function expectDeliverable({ forge }: ActivityDeps, { task, attempt }: AttemptInput): Promise<void> {
  if (attempt.number === 1) return;
  const problem = await forge.problem(task).catch((error: unknown) => {
    // A forge that cannot be asked now is one by the time there is something to deliver.
    if (error instanceof PawlError && error.code === 'unavailable') return undefined;
    throw error;
  });
  if (problem !== undefined) throw stepFailure('conflict', problem);
}

/** A person is asked before an agent is paid whose work could not be kept. */
async function expectRoom({ disk }: ActivityDeps): Promise<void> {
  const problem = tooLittleRoom(await disk.freeBytes());
  if (problem !== undefined) throw stepFailure('disk_full', problem);
}

async function attemptNow(
  deps: ActivityDeps,
  input: AttemptInput,
  run: Running,
  variables: VariablesNow,
  log: AttemptLog,
): Promise<AttemptResult> {
  const { attempt, agent } = input;
  const watcher = createWatcher(deps, input, run, log);
  try {
    log.write({ type: 'started', text: `attempt ${attempt.number} (${attempt.reason}) by ${agent.name}` });
    const worked = await work(deps, input, run, watcher, variables);
    const report = fromAgent(variables.mask, { ...worked, ...watcher.heard() });
    await run.entry.note({ report });
    const result = await settleAttempt(deps, titleMasked(variables.mask, input), report);
    log.write({ type: 'ended', text: `${report.status}: ${report.summary}` });
    return result;
  } finally {
    watcher.stop();
  }
}

/** Of the attempt, for its agent. */
const tokenOf = ({ tokenFor }: ActivityDeps, { task: { id, run }, attempt, agent }: AttemptInput): string =>
  tokenFor({
    task: TaskId.parse(id),
    ...(run === undefined ? {} : { run }),
    number: attempt.number,
    token: attempt.token,
    variables: agent.env ?? [],
  });

/** Only where the agent's choice names it is it looked for. */
async function accessOf(
  deps: ActivityDeps,
  input: AttemptInput,
): Promise<Pick<AgentRequest, 'access' | 'programs'>> {
  const { env = [] } = input.agent;
  if (!env.includes('PAWL_TOKEN') && !env.includes('PAWL_URL')) return {};
  const url = await deps.engineUrl();
  return {
    access: { PAWL_TOKEN: tokenOf(deps, input), ...(url === undefined ? {} : { PAWL_URL: url }) },
    programs: deps.ownCommandFolder(),
  };
}

async function work(
  deps: ActivityDeps,
  input: AttemptInput,
  run: Running,
  watcher: Watcher,
  variables: VariablesNow,
): Promise<AgentReport> {
  const { mask } = variables;
  const limit = AbortSignal.any([run.signal, watcher.signal]);
  const observe: Watcher['observe'] = (event) => watcher.observe(fromAgent(mask, event));
  try {
    const request = await requestOf(deps, input, variables);
    const agent = deps.agents(input.agent);
    if (agent === undefined) throw new AgentFailure('setup_failed', `no agent is named ${input.agent.name}`);
    const report = await agent.run(request, observe, limit);
    await watcher.settled();
    return report;
  } catch (error) {
    await watcher.settled();
    const stopped = watcher.verdict();
    if (stopped !== undefined) throw failed(stopped.class, stopped.words, watcher);
    if (run.signal.aborted) {
      await watcher.checkpoint();
      if (isShutdown()) throw failed('interrupted', 'the worker shut down during the attempt', watcher);
      throw new CancelledFailure('the attempt was cancelled', [detailsOf(watcher)]);
    }
    if (!(error instanceof AgentFailure)) throw error;
    // Whatever it made of that itself.
    await expectRoom(deps);
    // Where the attempt had got to is what the next one starts from, whether or not the agent said so itself.
    await watcher.checkpoint();
    throw failed(error.class, error.message.toWellFormed(), watcher, fromAgent(mask, error.facts));
  }
}

/** What an agent says, as everybody else may get it. Its lines are JSON as a rule, which can write half a character. */
const fromAgent = <T>(mask: Mask, said: T): T => maskAll(mask, wellFormed(said));

const failed = (
  type: FailureClass,
  message: string,
  watcher: Watcher,
  facts: AgentFailure['facts'] = {},
): ApplicationFailure =>
  stepFailure(type, message, { ...detailsOf(watcher), output: tail(watcher.outputTail()), ...facts });

function detailsOf(watcher: Watcher): AttemptFailureDetails {
  const checkpoint = watcher.latest();
  return { ...(checkpoint === undefined ? {} : { checkpoint }), ...watcher.heard() };
}

async function requestOf(
  deps: ActivityDeps,
  input: AttemptInput,
  variables: VariablesNow,
): Promise<AgentRequest> {
  const { task, attempt, requirementArtifact, description, agent } = input;
  const stored =
    requirementArtifact === undefined ? undefined : await deps.artifacts.read(requirementArtifact);
  return {
    choice: agent,
    task: { id: task.id, title: task.title, requirement: stored?.toString('utf8') ?? description },
    attempt,
    mark: deps.marks.ofAttempt(task, attempt.number),
    workspace: deps.workspaces.pathOf(task),
    ...(await startOf(deps, input)),
    scratch: deps.scratchFor(task, attempt.number),
    environment: environmentOf(variables),
    variables: { ...input.variables, ...ownerVariables(task, input.baseCommit) },
    ...(await accessOf(deps, input)),
    mask: variables.mask,
    permissions: input.permissions ?? 'ask',
    ...(input.declaredOnly === true && { declaredOnly: true }),
    limits: input.limits ?? {},
  };
}

/** An agent may have removed the folder: the next one has to start somewhere to mend that. */
async function startOf(
  { workspaces }: ActivityDeps,
  { task }: AttemptInput,
): Promise<Pick<AgentRequest, 'directory'>> {
  const directory = task.dir === undefined ? undefined : await workspaces.startOf(task);
  return directory === undefined ? {} : { directory };
}

/** A person can correct what keeps credentials from being read, and the task goes on from where it is. */
function environmentOf(variables: VariablesNow): AgentRequest['environment'] {
  try {
    return variables.environment();
  } catch (error) {
    throw error instanceof PawlError ? new AgentFailure('auth', error.message) : error;
  }
}
