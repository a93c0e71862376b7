/** With what Claude Code is started where only that counts which the repository declares. What that keeps away: `test/agents`. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../../src/adapters/agents/acp/kinds.ts';
import { createClaudeAgent } from '../../../../src/adapters/agents/claude/agent.ts';
import { keptOf } from '../../../../src/adapters/agents/claude/declared-only.ts';
import { requestWith, startOf } from '../noted-start.ts';

const agent = createClaudeAgent({ environment: {} });
const SETTINGS = {
  apiKeyHelper: '/bin/key',
  model: 'opus',
  env: { ANTHROPIC_BASE_URL: 'http://proxy', HTTPS_PROXY: 'http://p', DATABASE_URL: 'postgres://' },
  permissions: { allow: ['Bash(make:*)'], deny: ['Read(.env)'], additionalDirectories: ['/home/me'] },
  hooks: { Stop: [] },
  enabledPlugins: { 'a@b': true },
  outputStyle: 'Explanatory',
};
const files = {
  home: { '.claude/settings.json': JSON.stringify(SETTINGS) },
  workspace: {
    '.mcp.json': JSON.stringify({ mcpServers: { one: { command: 'top' }, two: { command: 'top' } } }),
    'part/.mcp.json': JSON.stringify({ mcpServers: { two: { command: 'near' } } }),
  },
};

describe('the arguments', () => {
  it('are none of these for a task of its user', async () => {
    const { args } = await startOf(agent, requestWith(files, { permissions: 'deny' }));
    for (const flag of ['--setting-sources', '--strict-mcp-config', '--mcp-config', '--settings'])
      expect(args).not.toContain(flag);
  });

  it('leave out what is of its user, but for logins, provider, model and permissions', async () => {
    const request = requestWith(files, { declaredOnly: true, permissions: 'allow' });
    const { args, valueAfter } = await startOf(agent, request);
    expect(valueAfter('--setting-sources')).toBe('project,local');
    expect(args).toContain('--strict-mcp-config');
    const file = valueAfter('--settings') ?? '';
    // It may hold a key, so it is no argument, and nobody else's to read.
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      apiKeyHelper: '/bin/key',
      model: 'opus',
      env: { ANTHROPIC_BASE_URL: 'http://proxy', HTTPS_PROXY: 'http://p' },
      permissions: { allow: ['Bash(make:*)', ...BY_POLICY], deny: ['Read(.env)'] },
      claudeMdExcludes: [`!${request.workspace}/**`],
    });
  });

  it('name the servers of the repository, the nearer ones first', async () => {
    const request = requestWith(files, { declaredOnly: true });
    const directory = join(request.workspace, 'part');
    const { valueAfter } = await startOf(agent, { ...request, directory });
    const servers = JSON.parse(readFileSync(valueAfter('--mcp-config') ?? '', 'utf8'));
    expect(servers).toEqual({ mcpServers: { one: { command: 'top' }, two: { command: 'near' } } });
  });

  it.each([
    ['broken', '{"mcpServers": {'],
    ['none', '[]'],
    ['without servers', '{"mcpServers": []}'],
  ])('hold against a file of servers that is %s', async (_, text) => {
    const request = requestWith({ workspace: { '.mcp.json': text } }, { declaredOnly: true });
    const { valueAfter } = await startOf(agent, request);
    expect(JSON.parse(readFileSync(valueAfter('--mcp-config') ?? '', 'utf8'))).toEqual({ mcpServers: {} });
  });
});
const BY_POLICY = ['Bash', 'Edit', 'Write', 'Read', 'NotebookEdit', 'WebFetch', 'WebSearch'];

it('the bridge is told the same when it opens a session', async () => {
  const bridge = KINDS.find(({ name }) => name === 'claude-agent-acp');
  const told = await bridge?.declared?.(requestWith(files));
  expect(told).toMatchObject({
    meta: {
      claudeCode: {
        options: {
          settingSources: ['project', 'local'],
          strictMcpConfig: true,
          mcpServers: { one: { command: 'top' }, two: { command: 'top' } },
          env: { ANTHROPIC_BASE_URL: 'http://proxy' },
          settings: { model: 'opus' },
        },
      },
    },
  });
  expect(JSON.stringify(told)).not.toContain('hooks');
});

describe('what stays of its user’s settings', () => {
  it('is nothing that those of the repository say', () => {
    const project = {
      model: 'haiku',
      env: { ANTHROPIC_BASE_URL: 'http://ours' },
      permissions: { allow: ['x'] },
    };
    expect(keptOf(SETTINGS, [project])).toEqual({
      apiKeyHelper: '/bin/key',
      env: { HTTPS_PROXY: 'http://p' },
      // Claude Code joins lists.
      permissions: { allow: ['Bash(make:*)'], deny: ['Read(.env)'] },
    });
  });

  it('has no other name than those that are kept, whatever they are', () => {
    const names = fc.constantFrom(
      ...Object.keys(SETTINGS),
      'mcpServers',
      'agent',
      'claudeMdExcludes',
      'statusLine',
    );
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.jsonValue()),
        fc.array(fc.dictionary(names, fc.jsonValue())),
        (user, project) => {
          const kept = Object.keys(keptOf(user, project));
          const allowed = ['apiKeyHelper', 'model', 'env', 'permissions'];
          expect(kept.filter((name) => !allowed.includes(name))).toEqual([]);
        },
      ),
    );
  });
});
