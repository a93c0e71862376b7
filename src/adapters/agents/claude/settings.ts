/** What Claude Code needs of the environment wherever it runs, by its own command or behind the Agent Client Protocol. */
export const CLAUDE_KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];
export const CLAUDE_NEEDS = [...CLAUDE_KEYS, 'ANTHROPIC_BASE_URL', 'ANTHROPIC_MODEL', 'CLAUDE_CONFIG_DIR'];
export const CLAUDE_SETS = {
  // The engine retries, with a wait that it can show and that survives it.
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
};
