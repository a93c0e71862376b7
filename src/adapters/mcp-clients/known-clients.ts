/** The clients that `pawl mcp install` knows: where each keeps its configuration, and how it writes an entry. */
import { join } from 'node:path';
import type { McpClientName } from '../../domain/agent-names.ts';
import type { ConfigurationText } from './configuration-text.ts';
import type { Entry } from './entry.ts';
import { jsonServers } from './json-servers.ts';
import { tomlServers } from './toml-servers.ts';

export type Scope = 'user' | 'project';

export interface Surroundings {
  /** The person's home folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The project's folder, for entries of the scope `project`. */
  readonly cwd: string;
}

interface McpClient {
  readonly title: string;
  /** Its command, where it has one: a client that was never started has no folder yet. */
  readonly program: string;
  /** Its folder of this person, made on its first start. */
  readonly folder: (around: Surroundings) => string;
  readonly files: { readonly [S in Scope]: (around: Surroundings) => string };
  readonly servers: ConfigurationText<Entry>;
  /** What an entry has beside command, arguments and variables. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What a person does next; for an entry of the project, what else it takes. */
  readonly next: { readonly install: string; readonly uninstall: string };
  readonly nextInProject?: string;
}

const STDIO = { type: 'stdio' };
const anew = (title: string, then: string) => ({
  install: `start ${title} anew; ${then}`,
  uninstall: `start ${title} anew`,
});
const claudeFolder = ({ home, env }: Surroundings) => env.CLAUDE_CONFIG_DIR || join(home, '.claude');
const codexFolder = ({ home, env }: Surroundings) => env.CODEX_HOME || join(home, '.codex');
const geminiFolder = ({ home, env }: Surroundings) => join(env.GEMINI_CLI_HOME || home, '.gemini');
const cursorFolder = ({ home }: Surroundings) => join(home, '.cursor');

export const MCP_CLIENTS = {
  claude: {
    title: 'Claude Code',
    program: 'claude',
    folder: claudeFolder,
    files: {
      user: ({ home, env }) => join(env.CLAUDE_CONFIG_DIR || home, '.claude.json'),
      project: ({ cwd }) => join(cwd, '.mcp.json'),
    },
    servers: jsonServers('mcpServers'),
    fields: STDIO,
    next: anew('Claude Code', '/mcp in it shows pawl'),
    nextInProject: 'it asks once whether it may use the servers of this project',
  },
  codex: {
    title: 'Codex',
    program: 'codex',
    folder: codexFolder,
    files: {
      user: (around) => join(codexFolder(around), 'config.toml'),
      project: ({ cwd }) => join(cwd, '.codex', 'config.toml'),
    },
    servers: tomlServers,
    fields: {},
    next: anew('Codex', '/mcp in it shows pawl'),
    nextInProject: 'it reads this file only in a project that it was told to trust',
  },
  gemini: {
    title: 'Gemini CLI',
    program: 'gemini',
    folder: geminiFolder,
    files: {
      user: (around) => join(geminiFolder(around), 'settings.json'),
      project: ({ cwd }) => join(cwd, '.gemini', 'settings.json'),
    },
    servers: jsonServers('mcpServers'),
    fields: {},
    next: anew(
      'Gemini CLI',
      '/mcp in it shows pawl; it starts servers only in folders that it was told to trust',
    ),
  },
  cursor: {
    title: 'Cursor',
    program: 'cursor',
    folder: cursorFolder,
    files: {
      user: (around) => join(cursorFolder(around), 'mcp.json'),
      project: ({ cwd }) => join(cwd, '.cursor', 'mcp.json'),
    },
    servers: jsonServers('mcpServers'),
    fields: STDIO,
    next: anew('Cursor', 'its list of MCP servers shows pawl, which may have to be switched on there'),
  },
  vscode: {
    title: 'VS Code',
    program: 'code',
    folder: vscodeFolder,
    files: {
      user: (around) => join(vscodeFolder(around), 'mcp.json'),
      project: ({ cwd }) => join(cwd, '.vscode', 'mcp.json'),
    },
    servers: jsonServers('servers'),
    fields: STDIO,
    next: anew('VS Code', '"MCP: List Servers" shows pawl, which has to be trusted once'),
  },
} as const satisfies Record<McpClientName, McpClient>;
export const clientNamed = (name: McpClientName): McpClient => MCP_CLIENTS[name];

/** Of its default profile. */
function vscodeFolder({ home, env, platform }: Surroundings): string {
  const applications =
    platform === 'darwin'
      ? join(home, 'Library', 'Application Support')
      : env.XDG_CONFIG_HOME || join(home, '.config');
  return join(applications, 'Code', 'User');
}
