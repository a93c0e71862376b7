/** What is granted over the Agent Client Protocol, by the kind of the tool and where a path really leads. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictOn } from '../../../../src/adapters/agents/acp/permission.ts';
import { newFolder } from '../../../conformance/folders.ts';

describe('permission over the Agent Client Protocol', () => {
  const options = [
    { optionId: 'a1', name: 'Always', kind: 'allow_always' },
    { optionId: 'o1', name: 'Once', kind: 'allow_once' },
    { optionId: 'r1', name: 'No', kind: 'reject_once' },
  ] as const;
  const asked = (toolCall: object) => ({
    sessionId: 's',
    options: [...options],
    toolCall: { toolCallId: 't', ...toolCall },
  });
  const verdict = (
    toolCall: object,
    permissions: 'ask' | 'allow' | 'deny',
    workspace: string,
    granted: string[] = [],
  ) => {
    const found = verdictOn(asked(toolCall), { permissions, workspace, attempt: { granted } });
    if (found.kind === 'ask') return found.permission.id;
    return found.response.outcome.outcome === 'selected' ? found.response.outcome.optionId : 'cancelled';
  };
  const run = (command: string) => ({ kind: 'execute', title: 'bash', rawInput: { command } });

  it('follows the policy, choosing by kind', () => {
    const workspace = newFolder();
    expect(verdict(run('ls'), 'allow', workspace)).toBe('o1');
    expect(verdict(run('ls'), 'deny', workspace)).toBe('r1');
    const id = verdict(run('ls'), 'ask', workspace);
    expect(verdict(run('ls'), 'ask', workspace, [id])).toBe('o1');
    // What was granted is that command and no other one of the same title.
    expect(verdict(run('rm -rf ~'), 'ask', workspace, [id])).not.toBe('o1');
  });

  it('asks once about a command, which an agent may ask about for each of its reasons', () => {
    const workspace = newFolder();
    const folders = {
      kind: 'other',
      locations: [{ path: '/x' }],
      rawInput: { command: 'ls /x', directories: ['/x'] },
    };
    const id = verdict(folders, 'ask', workspace);
    expect(verdict(run('ls /x'), 'ask', workspace, [id])).toBe('o1');
    const elsewhere = { ...run('ls /x'), rawInput: { command: 'ls /x', cwd: '/y' } };
    expect(verdict(elsewhere, 'ask', workspace, [id])).not.toBe('o1');
  });

  it('lets files of the workspace be changed, and nothing that only looks like one', () => {
    const workspace = newFolder();
    mkdirSync(join(workspace, 'src'));
    symlinkSync('/etc', join(workspace, 'link'));
    symlinkSync('/nowhere/at/all', join(workspace, 'dangling'));
    const edit = (path: string) =>
      verdict({ kind: 'edit', title: 'edit', locations: [{ path }] }, 'ask', workspace);
    expect(edit(join(workspace, 'src', 'new', 'a.ts'))).toBe('o1');
    for (const path of ['../a', '/etc/passwd', 'link/passwd', 'dangling', '.git/config', '.'])
      expect(edit(join(path.startsWith('/') ? '' : workspace, path)), path).not.toBe('o1');
  });
});
