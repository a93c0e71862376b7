/**
 * The step by which a workflow gets a child task that an agent works on: the spec of the run, and its seal, as a person's `run` gets
 * them. Of the host that has the repository. Whoever reaches Temporal can have it asked anything: it makes nothing without the
 * pin of an execution that this home started, and nothing that the pin does not allow.
 */
import { Context } from '@temporalio/activity';
import { PawlError } from '../domain/failures.ts';
import { branchOf, ExecutionId } from '../domain/ids.ts';
import { parseInput } from '../domain/parse-input.ts';
import { PinnedRun, RunPin, unpinnedIn } from '../domain/run-pin.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';
import type { ExecutionStep } from './execution-step.ts';
import { asStepFailure } from './failure.ts';
import type { Runs } from './ports/runs-port.ts';

export interface RunSpecInput {
  readonly pin: RunPin;
  /** Of the pin, made when the execution was started. */
  readonly seal: string;
  /** Digest of what the execution that asks was started with, as its workflow knows it. */
  readonly start: string;
  /** As `run` takes it, with the id of the child. */
  readonly run: unknown;
}

/** What a task is started with (`TaskInput`). Ids, names and digests, and no value of a variable: it stays in history. */
export interface SealedRun {
  readonly spec: AgentRunSpec;
  readonly seal: string;
}

export interface RunActivities {
  /**
   * Idempotent: asked again it answers the same, and nothing outside has changed but that a long requirement is kept.
   * @throws ApplicationFailure `rejected` for what the pin does not allow, or whatever is wrong with the run
   */
  createRunSpec(input: RunSpecInput): Promise<SealedRun>;
}

/** @param step in which it is made; without one it is made at once */
export const createRunActivities = (runs: Runs, step?: ExecutionStep): RunActivities => {
  const { createRunSpec } = madeBy(runs);
  return {
    createRunSpec: (input) =>
      step === undefined ? createRunSpec(input) : step(asker(), 'run-spec', () => createRunSpec(input)),
  };
};

/** Whatever it says in its pin. */
const asker = (): ExecutionId => ExecutionId.parse(Context.current().info.workflowExecution?.workflowId);

const madeBy = (runs: Runs): RunActivities => ({
  async createRunSpec(input) {
    try {
      const spec = await specOf(runs, input);
      return { spec, seal: runs.sealOf(spec) };
    } catch (error) {
      throw asStepFailure(runs.masked(error), 'rejected');
    }
  },
});

async function specOf(
  runs: Runs,
  { pin: given, seal, start, run: asked }: RunSpecInput,
): Promise<AgentRunSpec> {
  const pin = parseInput('pin', RunPin, given);
  const { workflowExecution } = Context.current().info;
  const isItsOwn = workflowExecution?.workflowId === pin.execution && start === pin.start;
  if (!isItsOwn || !runs.isPinnedHere(pin, seal)) throw startedPast(pin.execution);
  const run = parseInput('run', PinnedRun, asked);
  const parts = unpinnedIn(pin, run);
  if (parts.length > 0) throw unpinned(pin.execution, parts);
  if (run.skill.execution !== pin.execution) throw startedPast(run.skill.execution);
  const { title, skill, ...asRun } = run;
  const bases = [pin.base, branchOf(pin.execution)];
  const spec = await runs.specOf(asRun, async (where) => {
    if (where.repository !== pin.repository || !bases.includes(where.base))
      throw new PawlError(
        'forbidden',
        `expected a run in ${pin.repository} on ${bases.join(' or ')}, for which ${pin.execution} was started, got ${where.repository} on ${where.base}`,
      );
  });
  return { ...spec, title: runs.maskedTitle(title, spec.agent.env ?? []), skill };
}

const startedPast = (id: string): PawlError =>
  new PawlError(
    'forbidden',
    `execution ${id} was not started by the engine of this home, or not with what it runs now: start it with \`pawl run --loop\``,
  );

const unpinned = (id: string, parts: readonly string[]): PawlError =>
  new PawlError(
    'forbidden',
    `${parts.join(', ')}: expected programs that the loop had when ${id} was started, got others: start another execution with a loop that has them`,
  );
