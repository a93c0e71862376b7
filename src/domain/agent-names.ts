/** The names of the agents that Pawl knows, and of the AI clients into whose configuration it writes an entry. */

/** What the agent `auto` tries, in this order. */
export const AUTO = ['claude', 'codex', 'gemini', 'opencode'] as const;
export const AGENT_NAMES = [...AUTO, 'claude-agent-acp', 'codex-acp', 'acp', 'command'] as const;
export type AgentName = (typeof AGENT_NAMES)[number];

export const MCP_CLIENT_NAMES = ['claude', 'codex', 'gemini', 'cursor', 'vscode'] as const;
export type McpClientName = (typeof MCP_CLIENT_NAMES)[number];
