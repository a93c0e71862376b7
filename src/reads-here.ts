/** What the dashboard's routes read of this host, joined from its adapters. */
import { join } from 'node:path';
import type { Agent } from './activities/ports/agent-port.ts';
import type { Variables } from './activities/ports/variables-port.ts';
import type { HomeFolders } from './adapters/files/working-directory.ts';
import { listWorkspace, readInWorkspace } from './adapters/files/workspace-files.ts';
import type { EngineApiOptions } from './client.ts';
import type { Config } from './config.ts';
import type { Setting } from './domain/host-reads.ts';
import type { TaskId } from './domain/ids.ts';
import { KEYS_TOLD } from './edge/compat/dashboard/engine-settings.ts';
import { hostQueueOf } from './engine/home.ts';

interface Parts {
  readonly agents: () => readonly Agent[];
  readonly variables: Variables;
  readonly folders: HomeFolders;
}

export function readsHere(config: Config, { agents, variables, folders }: Parts): EngineApiOptions['here'] {
  const workspaceOf = (id: TaskId) => join(folders.workspaces, id);
  return {
    project: hostQueueOf(config.home),
    agents: () => Promise.all(agents().map(shownOf)),
    settings: () => settingsOf(config),
    keys() {
      const environment = variables.environment();
      return Object.fromEntries(KEYS_TOLD.map((name) => [name, (environment[name] ?? '') !== '']));
    },
    workspaceFiles: (id) => listWorkspace(workspaceOf(id)),
    async workspaceFile(id, path) {
      const file = await readInWorkspace(folders, workspaceOf(id), path);
      if (file === undefined) return undefined;
      const { content, isText, modifiedAt } = file;
      const text = isText ? { text: variables.mask().text(content.toString('utf8')) } : {};
      return { bytes: content.length, modifiedAt, ...text };
    },
  };
}

/** `command` is any program: whether one can run is known once it is named. */
async function shownOf(agent: Agent): Promise<{ readonly name: string; readonly problem?: string }> {
  const { name } = agent;
  const problem = await agent.problem({ name });
  return problem === undefined ? { name } : { name, problem: problem.message };
}

const settingsOf = (config: Config): readonly Setting[] => [
  { variable: 'PAWL_HOME', value: config.home },
  { variable: 'PAWL_HOST', value: config.host },
  { variable: 'PAWL_PORT', value: config.port },
  { variable: 'TEMPORAL_ADDRESS', value: temporalOf(config) },
  { variable: 'PAWL_WORKER', value: config.worker ? 'on' : 'off' },
  { variable: 'PAWL_AGENTS_PER_HOST', value: config.agentsPerHostMax },
  { variable: 'PAWL_AGENTS_PER_REPOSITORY', value: config.agentsPerRepositoryMax },
  { variable: 'PAWL_GITHUB_POLL_SECONDS', value: config.gitHubPollSeconds },
  { variable: 'PAWL_WORKFLOWS_CACHED', value: config.workflowsCachedMax },
  { variable: 'PAWL_BALLAST_MB', value: config.ballastBytes / (1024 * 1024) },
];

function temporalOf({ temporal }: Config): string {
  if (temporal.kind === 'embedded') return 'embedded';
  return temporal.address ?? `profile ${temporal.profile ?? ''}`;
}
