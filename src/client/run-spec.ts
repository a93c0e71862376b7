/** Turns a requirement into the spec of an agent-run task: everything that can be wrong is found before it starts. */
import type { RunOfSkill } from '../activities/ports/runs-port.ts';
import { copiedPathsOf } from '../domain/copied-paths.ts';
import { PawlError } from '../domain/failures.ts';
import { detailsOf, type Problem } from '../domain/lacks.ts';
import { clip, LIMITS } from '../domain/limits.ts';
import type { MaskNow } from '../domain/mask.ts';
import type { RunPreview } from '../domain/operation-schemas.ts';
import type { InputOf } from '../domain/operations.ts';
import { unusualIn } from '../domain/priority.ts';
import type { RepositoryConfig } from '../domain/repository-config.ts';
import { folderFrom } from '../domain/task-folder.ts';
import {
  type AgentChoice,
  type AgentRunSpec,
  type CheckDefinition,
  type Command,
  type ForgeChoice,
  Policy,
} from '../domain/task-spec.ts';

/** Real path of its top folder, the base branch and that one's tip. */
interface FoundRepository {
  readonly repository: string;
  readonly base: string;
  readonly baseCommit: string;
  /** Where in it the path is by which it was named, from its top; '' for the top itself. */
  readonly folder: string;
}

/** What the client needs to know of this machine. */
export interface RunSpecDeps {
  readonly host: string;
  /** @throws PawlError `precondition` naming what is wrong with the repository or the base */
  readonly findRepository: (path: string, base?: string) => Promise<FoundRepository>;
  /** Why a task cannot start in this folder of a commit; undefined when it can. */
  readonly folderProblem: (repository: string, commit: string, folder: string) => Promise<string | undefined>;
  /** @throws PawlError `precondition` for a file that cannot be copied from the checkout into a workspace at this commit */
  readonly expectCopies: (repository: string, commit: string, paths: readonly string[]) => Promise<unknown>;
  /** What a commit's `pawl.yaml` says. @throws PawlError with every problem of that file */
  readonly configurationOf: (repository: string, commit: string) => Promise<RepositoryConfig>;
  /** Why this agent cannot run here; undefined when it can. */
  readonly agentProblem: (choice: AgentChoice) => Promise<Problem | undefined>;
  /** Why this command cannot be started here; undefined when it can, or only the workspace can tell. */
  readonly commandProblem: (command: Command) => Problem | undefined;
  /** The first agent of a short list that can run here, as `named` starts it. @throws PawlError `precondition` saying what to install, or else to do */
  readonly firstAgent: (named: RepositoryConfig['agents'], orElse?: string) => Promise<string>;
  /** Where the pull request goes; undefined is Pawl's own forge. @throws PawlError `precondition` */
  readonly forgeFor: (repository: string, asked: InputOf<'run'>['forge']) => Promise<ForgeChoice | undefined>;
  readonly store: (content: string | Uint8Array) => Promise<string>;
  readonly mask: MaskNow;
}

/** Everything of a run but its words. */
type Asked = InputOf<'preview'>;
type MayRunOn = (found: FoundRepository) => Promise<void>;

/**
 * @param mayRunOn asked before anything of the repository is read; whatever it throws is thrown
 * @throws PawlError `precondition` for a repository, base or agent that cannot be used
 */
export async function createRunSpec(
  deps: RunSpecDeps,
  input: InputOf<'run'>,
  mayRunOn: MayRunOn = async () => undefined,
  ofSkill: RunOfSkill = {},
): Promise<AgentRunSpec> {
  const { found, dir, agent, forge, policy } = await resolve(deps, input, mayRunOn, ofSkill);
  const { requirement } = input;
  const long = requirement.length > LIMITS.requirementInlineCharsMax;
  return {
    kind: 'agent_run',
    id: input.id,
    // Commits and pull requests show it; the agent gets the requirement as it is.
    title: titleOf(deps.mask({ variables: agent.env ?? [] }).text(requirement)),
    description: clip(requirement, LIMITS.requirementInlineCharsMax),
    ...(long ? { requirementArtifact: await deps.store(requirement) } : {}),
    ...{ repository: found.repository, base: found.base },
    ...(dir === '' ? {} : { dir }),
    agent,
    ...(input.checks === undefined ? {} : { checks: input.checks }),
    ...(input.setup === undefined ? {} : { setup: input.setup }),
    ...(input.copy === undefined ? {} : { copy: input.copy }),
    ...(forge === undefined ? {} : { forge }),
    policy,
    ...unusualIn(input.priority),
    host: deps.host,
  };
}

/** What a run would be, had it been asked for now: nothing is started or kept. @throws as `createRunSpec` */
export async function previewRun(deps: RunSpecDeps, input: Asked, mayRunOn: MayRunOn): Promise<RunPreview> {
  const { found, dir, configuration, agent, forge, policy } = await resolve(deps, input, mayRunOn);
  const { repository, base, baseCommit } = found;
  const { costUsdMax, attemptsMax } = policy;
  return {
    ...{ repository, base, baseCommit },
    ...(dir === '' ? {} : { dir }),
    agent: agent.name,
    checks: [...(input.checks ?? configuration.checks)],
    setup: input.setup ?? configuration.setup ?? null,
    forge: forge?.name ?? 'local',
    policy,
    costUsdMax: costUsdMax === undefined ? null : costUsdMax * attemptsMax,
  };
}

/** Everything that can be wrong with a run is found here. */
async function resolve(
  deps: RunSpecDeps,
  input: Asked,
  mayRunOn: MayRunOn,
  { configuredAt, isByPeople }: RunOfSkill = {},
) {
  const found = await deps.findRepository(input.repository, input.base);
  await mayRunOn(found);
  const { repository, baseCommit } = found;
  const dir = await folderOf(deps, input, found);
  const configuration = await deps.configurationOf(repository, configuredAt ?? baseCommit);
  await deps.expectCopies(repository, baseCommit, copiedPathsOf(configuration.copy, input.copy));
  const agent = isByPeople === true ? PEOPLE : await agentFor(deps, input, configuration);
  refuseMissing(deps, input.setup ?? configuration.setup, input.checks ?? configuration.checks);
  const forge = await deps.forgeFor(repository, input.forge);
  return { found, dir, configuration, agent, forge, policy: Policy.parse(input.policy ?? {}) };
}

/** @throws PawlError `precondition` for one that cannot run here */
async function agentFor(
  deps: RunSpecDeps,
  input: Asked,
  configuration: RepositoryConfig,
): Promise<AgentChoice> {
  const asked = await chosen(deps, input.agent ?? { name: AUTO }, configuration);
  const named = configuration.agents[asked.name];
  const agent: AgentChoice =
    asked.command === undefined && named !== undefined ? { ...named, ...asked } : asked;
  const problem = await deps.agentProblem(agent);
  if (problem !== undefined) throw refusalOf(problem);
  return agent;
}

/** The one that is named, else the one in which the repository was found. */
async function folderOf(
  { folderProblem }: RunSpecDeps,
  { dir }: Asked,
  { repository, base, baseCommit, folder }: FoundRepository,
): Promise<string> {
  const asked = dir === undefined ? folder : (folderFrom(dir) ?? '');
  const problem = asked === '' ? undefined : await folderProblem(repository, baseCommit, asked);
  if (problem === undefined) return asked;
  throw new PawlError(
    'precondition',
    `dir: ${problem} on ${base}: commit it there, or name another (. is the top)`,
    { details: [['dir']] },
  );
}

const refusalOf = (problem: Problem): PawlError =>
  new PawlError('precondition', problem.message, { details: detailsOf([problem]) });

const AUTO = 'auto';
/** Nobody can name an agent so. */
const PEOPLE: AgentChoice = { name: '(people)' };

/** What `auto` stands for in this repository, or else on this machine, now: the task keeps the agent it began with. */
async function chosen(
  { firstAgent }: RunSpecDeps,
  asked: AgentChoice,
  { agent, agents }: RepositoryConfig,
): Promise<AgentChoice> {
  return asked.name === AUTO ? { ...asked, name: agent ?? (await firstAgent(agents)) } : asked;
}

/** An agent's work is too dear to find out after it that a check cannot even start. */
function refuseMissing(
  { commandProblem }: RunSpecDeps,
  setup: Command | undefined,
  checks: readonly CheckDefinition[],
): void {
  // Where there is a set-up, it may be what brings the programs of the checks.
  const needed =
    setup === undefined
      ? checks.map(({ name, run }) => ({ what: `check ${name}`, run }))
      : [{ what: 'set-up', run: setup }];
  for (const { what, run } of needed) {
    const problem = commandProblem(run);
    if (problem !== undefined) throw refusalOf({ ...problem, message: `${what}: ${problem.message}` });
  }
}

/** The first line of a requirement, as one line that a terminal, a commit and a web page can show. */
export function titleOf(requirement: string): string {
  const line = requirement
    .split(/[\r\n]+/)
    .map((one) => one.replace(/\p{Cc}+/gu, ' ').trim())
    .find((one) => one !== '');
  return clip(line ?? 'Untitled', LIMITS.titleShownCharsMax);
}
