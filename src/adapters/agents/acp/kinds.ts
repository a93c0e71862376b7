/** The agents of the Agent Client Protocol that are known, a row each, and `acp` for a program of the user's. */
import { join } from 'node:path';
import type { AgentRequest } from '../../../activities/ports/agent-port.ts';
import type { AgentName } from '../../../domain/agent-names.ts';
import type { AgentChoice } from '../../../domain/task-spec.ts';
import { declaredFor } from '../claude/declared-only.ts';
import { CLAUDE_KEYS, CLAUDE_NEEDS, CLAUDE_SETS } from '../claude/settings.ts';
import { declaredHome } from '../codex/declared-only.ts';
import {
  CODEX_KEYS,
  CODEX_NEEDS,
  providerSettings,
  sandboxFor,
  settingsAsArgs,
  writableSettings,
} from '../codex/settings.ts';
import { geminiHome } from './gemini-home.ts';

type Asked = Pick<AgentRequest, 'choice' | 'environment' | 'permissions' | 'workspace' | 'directory'>;

/** What is particular about an agent. */
export interface AcpKind {
  readonly name: AgentName;
  readonly program?: readonly string[];
  readonly args: (request: Asked) => readonly string[];
  readonly install?: string;
  /** Any one of these variables is a credential. */
  readonly keys: readonly string[];
  readonly needs: readonly string[];
  readonly sets: (scratch: string, choice: AgentChoice) => Readonly<Record<string, string>>;
  /** Files in the attempt's own folder that `sets` names. */
  readonly files?: Readonly<Record<string, string>>;
  /** How it is kept from its user's own set-up: by further variables, and what each session is opened with. Absent: not at all. */
  readonly declared?: (request: AgentRequest) => Promise<DeclaredOnly>;
  /** A file below the home that a login leaves. */
  readonly login?: string;
  readonly logIn?: string;
}

export interface DeclaredOnly {
  readonly sets?: Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, unknown>>;
}

const GEMINI_KEYS = ['GEMINI_API_KEY', 'GOOGLE_API_KEY'];
const OPENCODE_KEYS = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY'];
const GEMINI_SETTINGS = 'gemini-settings.json';
export const KINDS: readonly AcpKind[] = [
  {
    name: 'gemini',
    program: ['gemini'],
    args: ({ choice: { model }, workspace, directory }) => [
      '--acp',
      '--skip-trust',
      // It changes nothing outside of its folders.
      ...(directory === undefined ? [] : ['--include-directories', workspace]),
      ...(model === undefined ? [] : ['-m', model]),
    ],
    install: 'npm install -g @google/gemini-cli',
    keys: GEMINI_KEYS,
    needs: ['GOOGLE_GEMINI_BASE_URL', 'GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION'],
    // The engine retries, with a wait that it can show and that survives it. Only settings can say so.
    sets: (scratch) => ({
      GEMINI_CLI_SYSTEM_DEFAULTS_PATH: join(scratch, GEMINI_SETTINGS),
      // Its second process would swallow signals.
      GEMINI_CLI_NO_RELAUNCH: 'true',
    }),
    files: { [GEMINI_SETTINGS]: JSON.stringify({ general: { maxAttempts: 1, retryFetchErrors: false } }) },
    declared: async (request) => ({ sets: await geminiHome(request) }),
    login: '.gemini/oauth_creds.json',
    logIn: 'run `gemini` once and log in',
  },
  {
    name: 'opencode',
    program: ['opencode'],
    args: () => ['acp'],
    install: 'npm install -g opencode-ai',
    keys: OPENCODE_KEYS,
    needs: ['OPENCODE_CONFIG', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'],
    sets: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    login: '.local/share/opencode/auth.json',
    logIn: 'run `opencode auth login`',
  },
  {
    name: 'claude-agent-acp',
    program: ['claude-agent-acp'],
    args: () => [],
    install: 'npm install -g @agentclientprotocol/claude-agent-acp',
    keys: CLAUDE_KEYS,
    needs: CLAUDE_NEEDS,
    sets: (_, { model }) => ({ ...CLAUDE_SETS, ...(model === undefined ? {} : { ANTHROPIC_MODEL: model }) }),
    declared: async (request) => {
      const { settings, ...declared } = await declaredFor(request);
      // The bridge makes an argument of all other settings, and variables may hold a key.
      const { env, ...others } = settings;
      const options = { ...declared, settings: others, env, strictMcpConfig: true };
      return { meta: { claudeCode: { options } } };
    },
    login: '.claude/.credentials.json',
    logIn: 'run `claude` once and log in',
  },
  {
    name: 'codex-acp',
    program: ['codex-acp'],
    // Without these it may change nothing, and says so to nobody.
    args: ({ choice: { model }, environment, permissions, ...place }) =>
      settingsAsArgs([
        `sandbox_mode=${JSON.stringify(sandboxFor(permissions))}`,
        'approval_policy="on-request"',
        ...writableSettings(place),
        ...(model === undefined ? [] : [`model=${JSON.stringify(model)}`]),
        ...providerSettings(environment),
      ]),
    install: 'npm install -g @zed-industries/codex-acp',
    keys: CODEX_KEYS,
    needs: CODEX_NEEDS,
    sets: () => ({}),
    declared: async (request) => ({ sets: await declaredHome(request) }),
    login: '.codex/auth.json',
    logIn: 'run `codex login`',
  },
  { name: 'acp', args: () => [], keys: [], needs: [], sets: () => ({}) },
];
