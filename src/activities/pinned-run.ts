/**
 * The step by which a workflow gets a child task that an agent works on: the spec of the run, and its seal, as a person's `run` gets
 * them. Of the host that has the repository. Whoever reaches Temporal can have it asked anything: it makes nothing without the
 * pin of an execution that this home started, and nothing that the pin does not allow.
 */
import { Context } from '@temporalio/activity';
import { PawlError } from '../domain/failures.ts';
import { branchOf, ExecutionId } from '../domain/ids.ts';
import { ownerById } from '../domain/owner-ref.ts';
import { parseInput } from '../domain/parse-input.ts';
import { PinnedRun, RunPin, unpinnedIn } from '../domain/run-pin.ts';
import type { AgentRunSpec } from '../domain/task-spec.ts';
import type { ExecutionStep } from './execution-step.ts';
import { asStepFailure } from './failure.ts';
import type { Projects } from './ports/projects-port.ts';
import type { Runs } from './ports/runs-port.ts';

export interface RunSpecInput {
  readonly pin: RunPin;
  /** Of the pin, made when the execution was started. */
  readonly seal: string;
  /** Digest of what the execution that asks was started with, as its workflow knows it. */
  readonly start: string;
  /** As `run` takes it, with the id of the child. */
  readonly run: unknown;
  /** Where the branch of the execution begins, if it is not there yet. Absent where `openBranch` has opened it before. */
  readonly branchFrom?: string;
}

/** What a task is started with (`TaskInput`). Ids, names and digests, and no value of a variable: it stays in history. */
export interface SealedRun {
  readonly spec: AgentRunSpec;
  readonly seal: string;
}

export interface RunActivities {
  /**
   * Idempotent: asked again it answers the same, and nothing outside has changed but that the branch of the execution is there, and a
   * long requirement is kept.
   * @throws ApplicationFailure `rejected` for what the pin does not allow, or whatever is wrong with the run
   */
  createRunSpec(input: RunSpecInput): Promise<SealedRun>;
}

/** @param step in which it is made; without one it is made at once */
export const createRunActivities = (runs: Runs, projects: Branches, step?: ExecutionStep): RunActivities => {
  const { createRunSpec } = madeBy(runs, projects);
  return {
    createRunSpec: (input) =>
      step === undefined ? createRunSpec(input) : step(asker(), 'run-spec', () => createRunSpec(input)),
  };
};

type Branches = Pick<Projects, 'openBranch'>;

/** Whatever it says in its pin. */
const asker = (): ExecutionId => ExecutionId.parse(Context.current().info.workflowExecution?.workflowId);

const madeBy = (runs: Runs, projects: Branches): RunActivities => ({
  async createRunSpec(input) {
    try {
      const spec = await specOf(runs, projects, input);
      return { spec, seal: runs.sealOf(spec) };
    } catch (error) {
      throw asStepFailure(runs.masked(error), 'rejected');
    }
  },
});

async function specOf(
  runs: Runs,
  projects: Branches,
  { pin: given, seal, start, run: asked, branchFrom }: RunSpecInput,
): Promise<AgentRunSpec> {
  const pin = parseInput('pin', RunPin, given);
  const { workflowExecution } = Context.current().info;
  const isItsOwn = workflowExecution?.workflowId === pin.execution && start === pin.start;
  if (!isItsOwn || !runs.isPinnedHere(pin, seal)) throw startedPast(pin.execution);
  const run = parseInput('run', PinnedRun, asked);
  const parts = unpinnedIn(pin, run);
  if (parts.length > 0) throw unpinned(pin.execution, parts);
  if (run.skill.execution !== pin.execution) throw startedPast(run.skill.execution);
  if (run.skill.trunk !== undefined && run.skill.trunk.branch !== pin.base)
    throw elsewhere(pin, { repository: pin.repository, base: run.skill.trunk.branch });
  if (branchFrom !== undefined)
    await projects.openBranch(ownerById(pin.execution, pin.repository), branchFrom);
  const { title, skill, guides = [], ...asRun } = run;
  const requirement = [run.requirement, ...(await guideTexts(runs, guides))].join('\n\n');
  const mayRunOn = async (where: Parameters<typeof elsewhere>[1]) => {
    if (where.repository !== pin.repository || !basesOf(pin).includes(where.base))
      throw elsewhere(pin, where);
  };
  const ofSkill = { configuredAt: skill.trunk?.commit, isByPeople: skill.mendedByPeople };
  const spec = await runs.specOf({ ...asRun, requirement }, mayRunOn, ofSkill);
  return { ...spec, title: runs.maskedTitle(title, spec.agent.env ?? []), skill };
}

/** As they were when the execution began. @throws PawlError `not_found` for one that nobody has any more */
const guideTexts = (runs: Runs, guides: NonNullable<PinnedRun['guides']>): Promise<readonly string[]> =>
  Promise.all(
    guides.map(async ({ name, folder, text: digest }) => {
      const text = await runs.textOf(digest);
      if (text === undefined)
        throw new PawlError('not_found', `the guide ${name} is no longer in the artifact store (${digest})`);
      return `Follow the guide ${name}; its other files are in ${folder}:\n\n${text.trim()}`;
    }),
  );

const basesOf = ({ base, execution }: RunPin): readonly string[] => [base, branchOf(execution)];

const elsewhere = (pin: RunPin, where: { readonly repository: string; readonly base: string }): PawlError =>
  new PawlError(
    'forbidden',
    `expected a run in ${pin.repository} on ${basesOf(pin).join(' or ')}, for which ${pin.execution} was started, got ${where.repository} on ${where.base}`,
  );

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
