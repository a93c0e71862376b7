/** The adapters of this host, put together for one home: what the worker's steps and the client's operations need. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityDeps } from './activities/deps.ts';
import { maskError } from './activities/masking.ts';
import type { StepObserver } from './activities/ports/observer-port.ts';
import type { Runs } from './activities/ports/runs-port.ts';
import { createAgents, FOR_AN_EXECUTION } from './adapters/agents/registry.ts';
import { createSlots } from './adapters/agents/slots.ts';
import { createArtifactStore } from './adapters/files/artifact-store.ts';
import { createAttemptLogs, readAttemptLog } from './adapters/files/attempt-logs.ts';
import { createMatcher } from './adapters/files/bounded-matcher.ts';
import { createDisk } from './adapters/files/disk.ts';
import { createDocumentStore } from './adapters/files/document-store.ts';
import { matching } from './adapters/files/globs.ts';
import { createKeyFile } from './adapters/files/key-file.ts';
import { realDirectory, storeFile } from './adapters/files/session-files.ts';
import { createSessionSums } from './adapters/files/session-sums.ts';
import { restoreSettings } from './adapters/files/settings-files.ts';
import type { Workers } from './adapters/files/workers.ts';
import { createForges } from './adapters/forges/all-forges.ts';
import { forgeFor } from './adapters/forges/forge-choice.ts';
import { createGitHubForge } from './adapters/forges/github/forge.ts';
import { gitHubRemotes } from './adapters/forges/github/hosts.ts';
import { createLocalForge } from './adapters/forges/local/forge.ts';
import { createCheckSpaces } from './adapters/git/check-spaces.ts';
import { createProjects } from './adapters/git/projects.ts';
import { createWorkspaces } from './adapters/git/workspaces.ts';
import { createLoops } from './adapters/loops/find-loops.ts';
import { searchPath } from './adapters/programs/environment.ts';
import { findProgram, missingProgram } from './adapters/programs/find-program.ts';
import { thisProcess } from './adapters/programs/processes.ts';
import { createProgramRunner } from './adapters/programs/program-runner.ts';
import { createVariables } from './adapters/programs/variables.ts';
import { readCopies } from './adapters/repository/copies.ts';
import { fileAtCommit, findRepository, folderProblem } from './adapters/repository/find-repository.ts';
import { parseRepositoryConfig } from './adapters/repository/pawl-yaml.ts';
import { uncommittedFile } from './adapters/repository/uncommitted-file.ts';
import type { ArchivingDeps } from './client/archiving.ts';
import type { PlanningDeps } from './client/create-task.ts';
import type { FileDeps } from './client/files.ts';
import type { LoopDeps } from './client/read-loops.ts';
import type { ResultDeps } from './client/results.ts';
import { createRunSpec, type RunSpecDeps } from './client/run-spec.ts';
import type { EngineApiOptions } from './client.ts';
import { type Config, placesIn } from './config.ts';
import { CONFIGURATION_FILE } from './domain/configuration-name.ts';
import { Archived, VouchedBase } from './domain/documents.ts';
import { attemptKey } from './domain/ids.ts';
import { LIMITS } from './domain/limits.ts';
import { marksOf } from './domain/marks.ts';
import { FLAGGED } from './domain/protect.ts';
import { Session } from './domain/session.ts';
import { createAttemptTokens } from './engine/attempt-tokens.ts';
import { liveEndpoints } from './engine/endpoints.ts';
import { hostIdOf, hostQueueOf, secretOf } from './engine/home.ts';
import { isOlderRun } from './engine/older-runs.ts';
import { ownCommandFolder } from './engine/own-command.ts';
import { createStartSeals } from './engine/start-seals.ts';
import { endLeftMarked, journalOf } from './left-programs.ts';
import { readsHere } from './reads-here.ts';
import { userHomes, userName } from './user-name.ts';

const ENGINE_STARTS_MS = 10_000;

/** @param worker the id of this worker among those of the home */
export function activityDeps(
  config: Config,
  workers: Workers,
  worker: string,
  observer: StepObserver = NOBODY,
): ActivityDeps {
  const places = { ...placesIn(config.home), gitLfs };
  const variables = createVariables(places, process.env);
  const { environment } = variables;
  const workspaces = createWorkspaces(places, gitHubRemotes(environment));
  const seals = createStartSeals(secretOf(config.home));
  const attempts = createAttemptTokens(secretOf(config.home));
  return {
    workspaces,
    checkSpaces: createCheckSpaces(places),
    projects: createProjects(places),
    matcher: createMatcher(),
    forge: createForges({
      local: createLocalForge(places),
      github: createGitHubForge(places, { environment, pollMs: config.gitHubPollSeconds * 1_000 }),
    }),
    programs: createProgramRunner({ environment: process.env }),
    artifacts: createArtifactStore(places.artifacts),
    logs: createAttemptLogs(places.attemptLogs, { onWritten: observer.printed }),
    journal: journalOf(places, workers),
    sessionSums: createSessionSums(places.scratch),
    disk: createDisk(config.home),
    slots: createSlots({
      perHostMax: config.agentsPerHostMax,
      perRepositoryMax: config.agentsPerRepositoryMax,
    }),
    agents: (choice) => createAgents(environment()).find(choice),
    isStartedHere: (id, start) =>
      (start !== undefined && seals.isOf(id, start)) || isOlderRun(places.olderRuns, id, start?.spec),
    tokenFor: (attempt) => attempts.close(attempt),
    engineUrl: () => engineUrlOf(config.home),
    ownCommandFolder: () => ownCommandFolder(config.home),
    parseConfiguration: parseRepositoryConfig,
    matching,
    restoreSettings,
    flaggedGlobs: FLAGGED,
    scratchFor: (task, attempt) => join(places.scratch, attemptKey(task, attempt)),
    removeScratch: (task) => rm(join(places.scratch, task), { recursive: true, force: true }),
    marks: marksOf(hostIdOf(config.home)),
    endMarked: endLeftMarked,
    variables,
    owner: { ...thisProcess(), worker },
    observer,
  };
}

/** As programs of checks are looked for. */
const gitLfs = () => findProgram('git-lfs', { path: searchPath(process.env), cwd: '/' });

/** Four bytes are the longest character. */
const CONFIGURATION_BYTES_MAX = 4 * LIMITS.configurationCharsMax;

const NOBODY: StepObserver = { stepRuns() {}, waits() {}, printed() {} };
/** An engine that starts tells where it is a moment after its worker begins. */
async function engineUrlOf(home: string): Promise<string | undefined> {
  for (const giveUpAt = performance.now() + ENGINE_STARTS_MS; ; await sleep(100)) {
    const endpoints = await liveEndpoints(home);
    if (endpoints !== undefined || performance.now() > giveUpAt) return endpoints?.api;
  }
}

/** How workflows start runs: by the same code as clients do. */
export function localRuns(config: Config, own?: NodeJS.ProcessEnv): Runs {
  const deps = localDeps(config, own);
  const ofLoops: RunSpecDeps = { ...deps, firstAgent: (named) => deps.firstAgent(named, FOR_AN_EXECUTION) };
  return {
    specOf: (run, mayRunOn, ofSkill) => createRunSpec(ofLoops, run, mayRunOn, ofSkill),
    textOf: async (digest) => (await deps.readArtifact(digest))?.toString('utf8'),
    sealOf: deps.seals.of,
    isPinnedHere: deps.seals.isOfPin,
    maskedTitle: (title, variables) => deps.mask({ variables }).text(title),
    masked: (error) => maskError(deps.mask(), error),
  };
}

type LocalDeps = RunSpecDeps &
  FileDeps &
  PlanningDeps &
  ResultDeps &
  ArchivingDeps &
  LoopDeps &
  Pick<EngineApiOptions, 'localUser' | 'seals' | 'keptCalls' | 'here'>;

/** `own` and the home's `.env` are where programs, credentials and tokens are looked for before a task starts. */
export function localDeps(config: Config, own: NodeJS.ProcessEnv = process.env): LocalDeps {
  const places = placesIn(config.home);
  const artifacts = createArtifactStore(places.artifacts);
  const logs = createAttemptLogs(places.attemptLogs);
  const variables = createVariables(places, own);
  const agents = () => createAgents(variables.environment());
  const folders = { home: config.home, workspaces: places.workspaces, userHomes: userHomes() };
  return {
    localUser: userName(),
    here: readsHere(config, { agents: () => agents().all, variables, folders }),
    keptCalls: createKeyFile({ path: places.keptCalls }),
    seals: createStartSeals(secretOf(config.home)),
    host: hostQueueOf(config.home),
    findRepository,
    folderProblem,
    expectCopies: (repository, commit, paths) =>
      readCopies(repository, { place: { cwd: repository }, commit }, paths),
    configurationOf: async (repository, commit) =>
      parseRepositoryConfig((await fileAtCommit(repository, commit, CONFIGURATION_FILE)) ?? ''),
    uncommittedConfigurationOf: async (repository) =>
      parseRepositoryConfig(await uncommittedFile(repository, CONFIGURATION_FILE, CONFIGURATION_BYTES_MAX)),
    loopsAt: (base) => createLoops(places, base),
    agentProblem: async (choice) => {
      const { find, all } = agents();
      const agent = find(choice);
      const known = all.map(({ name }) => name).join(', ');
      return agent === undefined
        ? {
            message: `unknown agent ${choice.name}: expected one of ${known}, or a name under agents in ${CONFIGURATION_FILE}`,
          }
        : agent.problem(choice);
    },
    firstAgent: async (named, orElse) => agents().first(named, orElse),
    forgeFor: async (repository, asked) =>
      forgeFor({ repository, asked, environment: variables.environment() }),
    commandProblem: (command) => missingProgram(command, own),
    store: (content) => artifacts.put(content),
    mask: variables.mask,
    readArtifact: (digest) => artifacts.read(digest),
    storeFile: (directory, path) => storeFile(artifacts, { ...folders, directory }, path),
    realDirectory: (path) => realDirectory(folders, path),
    documents: {
      sessions: createDocumentStore(places.sessions, Session),
      archive: createDocumentStore(places.archive, Archived),
      vouchedBases: createDocumentStore(places.vouchedBases, VouchedBase),
    },
    now: () => new Date(),
    readLog: async (task, attempt, offset) => {
      const { lines, next } = await readAttemptLog(logs.pathOf(task, attempt), offset);
      return { lines, offset: next };
    },
  };
}
