/** What Codex is told wherever it runs, by its own command or behind the Agent Client Protocol. Pure. */
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import type { Environment } from '../../programs/environment.ts';

/** In the order in which Codex itself prefers them. */
export const CODEX_KEYS = ['CODEX_API_KEY', 'OPENAI_API_KEY'];
export const CODEX_NEEDS = [...CODEX_KEYS, 'OPENAI_BASE_URL', 'CODEX_HOME'];
const OPENAI = 'https://api.openai.com/v1';

export const codexKeyIn = (environment: Environment): string | undefined =>
  CODEX_KEYS.find((name) => environment[name]);

/** Its own sandbox, off only where it may do all. */
export const sandboxFor = (permissions: AgentRequest['permissions']): string =>
  permissions === 'allow' ? 'danger-full-access' : 'workspace-write';

/** What its sandbox lets it change besides the folder in which it starts: the rest of the workspace. */
export const writableSettings = ({
  workspace,
  directory,
}: Pick<AgentRequest, 'workspace' | 'directory'>): readonly string[] =>
  directory === undefined ? [] : [`sandbox_workspace_write.writable_roots=[${JSON.stringify(workspace)}]`];

/** Settings as arguments; each is a line of TOML. */
export const settingsAsArgs = (settings: readonly string[]): readonly string[] =>
  settings.flatMap((setting) => ['-c', setting]);

/** A provider of our own: of the built-in one neither address nor retries can be set. Values are TOML strings. */
export function providerSettings(environment: Environment): readonly string[] {
  const key = codexKeyIn(environment);
  if (key === undefined) return [];
  const url = environment.OPENAI_BASE_URL || OPENAI;
  const fields = [
    'name="pawl"',
    `base_url=${JSON.stringify(url)}`,
    `env_key=${JSON.stringify(key)}`,
    'wire_api="responses"',
    // The engine retries, with a wait that it can show and that survives it.
    'request_max_retries=0',
    'stream_max_retries=0',
  ];
  return ['model_provider="pawl"', `model_providers.pawl={${fields.join(',')}}`];
}
