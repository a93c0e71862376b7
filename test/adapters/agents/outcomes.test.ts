/** What the lines of real agents mean, recorded from the programs themselves. How they behave as a whole: `test/agents`. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentFailure } from '../../../src/activities/ports/agent-port.ts';
import { verdictOn } from '../../../src/adapters/agents/acp/permission.ts';
import { outcomeOf as claudeOutcome, permissionOf } from '../../../src/adapters/agents/claude/outcome.ts';
import { claudeLineOf, createDebugReader } from '../../../src/adapters/agents/claude/stream.ts';
import { eventsOf } from '../../../src/adapters/agents/codex/agent.ts';
import { outcomeOf as codexOutcome } from '../../../src/adapters/agents/codex/outcome.ts';
import { codexItemOf, codexLineOf, providerAnswerOf } from '../../../src/adapters/agents/codex/stream.ts';
import { classOfStatus, retryAfterMsOf } from '../../../src/adapters/agents/provider-errors.ts';
import { newFolder } from '../../conformance/folders.ts';

const ended = { exitCode: 1, signal: null, timedOut: false };
const failureOf = (work: () => unknown): AgentFailure => {
  try {
    work();
  } catch (error) {
    if (error instanceof AgentFailure) return error;
    throw error;
  }
  throw new Error('expected an AgentFailure');
};

describe('codex', () => {
  const ANSWER =
    '2026-11-21T09:01:07.662356Z DEBUG codex_http_client::client: Request completed method=POST url=http://127.0.0.1/v1/responses status=429 Too Many Requests headers={"content-type": "application/json", "retry-after": "7", "date": "Sat, 21 Nov 2026 09:01:07 GMT"}';

  it('tells the answers of its provider only in its log', () => {
    expect(providerAnswerOf(ANSWER, 0)).toEqual({ status: 429, retryAfterMs: 7_000 });
    expect(providerAnswerOf(ANSWER.replace(/"retry-after": "7", /, ''), 0)).toEqual({ status: 429 });
    expect(providerAnswerOf('Reading prompt from stdin...', 0)).toBeUndefined();
  });

  it.each([
    ['exceeded retry limit, last status: 429 Too Many Requests', undefined, 'rate_limited', 429],
    [
      'unexpected status 401 Unauthorized: scripted 401, url: http://127.0.0.1/v1/responses',
      undefined,
      'auth',
      401,
    ],
    [
      'We’re currently experiencing high demand, which may cause temporary errors.',
      { status: 500 },
      'api_error',
      500,
    ],
    [
      "Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.",
      { status: 400 },
      'context_overflow',
      400,
    ],
    [
      'stream disconnected before completion: Transport error: network error',
      { status: 200 },
      'api_error',
      undefined,
    ],
  ] as const)('%s', (failed, answer, failureClass, status) => {
    const said = {
      thread: 't',
      failed,
      lastMessage: '',
      lastLine: '',
      ...(answer === undefined ? {} : { answer }),
    };
    const { class: found, facts } = failureOf(() => codexOutcome(said, ended));
    expect([found, facts.httpStatus]).toEqual([failureClass, status]);
  });

  it('is done when its turn is completed, whatever its exit status, and else never', () => {
    const said = { thread: 't', completed: true, lastMessage: 'DONE', lastLine: '' };
    expect(codexOutcome(said, ended)).toEqual({ status: 'done', summary: 'DONE' });
    const cut = { thread: 't', lastMessage: 'DONE', lastLine: '' };
    expect(failureOf(() => codexOutcome(cut, { ...ended, exitCode: 0 })).class).toBe('interrupted');
    expect(failureOf(() => codexOutcome({ lastMessage: '', lastLine: 'bad config' }, ended)).class).toBe(
      'setup_failed',
    );
  });

  it('tells its list of what is to do as a checkpoint, and its changes as files', () => {
    const todo = {
      type: 'todo_list',
      items: [
        { text: 'read', completed: true },
        { text: 'write', completed: false },
      ],
    };
    const item = codexItemOf({ id: 'item_1', ...todo });
    expect(item && eventsOf('item.updated', item)).toEqual([
      { type: 'checkpoint', completed: ['read'], next: ['write'] },
    ]);
    const change = codexItemOf({
      type: 'file_change',
      changes: [{ path: 'a.ts', kind: 'add' }],
      status: 'completed',
    });
    expect(change && eventsOf('item.completed', change)).toEqual([{ type: 'file', path: 'a.ts' }]);
    expect(codexItemOf({ type: 'something_new' })).toBeUndefined();
  });

  it.each(['', 'text', '{', '{}', '{"type":"turn.completed","usage":{"input_tokens":-1}}', '{"type":7}'])(
    'takes %j for log',
    (line) => {
      expect(codexLineOf(line)).toBeUndefined();
    },
  );
});

describe('claude', () => {
  const result = (fields: object) => {
    const line = claudeLineOf(
      JSON.stringify({
        duration_ms: 1,
        type: 'result',
        subtype: 'success',
        is_error: false,
        result: 'DONE',
        ...fields,
      }),
    );
    if (line?.type !== 'result') throw new Error('expected a result');
    return { result: line, lastLine: '' };
  };

  it.each([
    [
      'success that is an error',
      { is_error: true, api_error_status: 429, terminal_reason: 'api_error' },
      'rate_limited',
    ],
    [
      'a dropped stream',
      { is_error: true, api_error_status: null, terminal_reason: 'api_error' },
      'api_error',
    ],
    [
      'an interrupt that came early',
      { is_error: true, subtype: 'error_during_execution', terminal_reason: 'aborted_streaming' },
      'interrupted',
    ],
    ['too many turns', { is_error: true, subtype: 'error_max_turns' }, 'invalid_output'],
    [
      'a denied tool',
      { permission_denials: [{ tool_name: 'Bash', tool_input: { command: 'curl x' } }] },
      'permission',
    ],
  ] as const)('%s', (_what, fields, failureClass) => {
    expect(failureOf(() => claudeOutcome(result(fields), { ...ended, exitCode: 0 }, 'ask')).class).toBe(
      failureClass,
    );
  });

  it('is no success without a result, whatever its exit status', () => {
    const said = { lastLine: '' };
    expect(failureOf(() => claudeOutcome(said, { ...ended, exitCode: 0 }, 'ask')).class).toBe('interrupted');
    expect(failureOf(() => claudeOutcome(said, ended, 'ask')).class).toBe('unknown');
  });

  it('asks for exactly what it was denied, and not for a wish that a rule would widen', () => {
    expect(permissionOf({ tool_name: 'Bash', tool_input: { command: 'curl x' } }).id).toBe('Bash(curl x)');
    const wide = result({
      permission_denials: [{ tool_name: 'Bash', tool_input: { command: 'rm -rf build*' } }],
    });
    expect(failureOf(() => claudeOutcome(wide, ended, 'ask')).facts.permission).toBeUndefined();
    expect(claudeOutcome(wide, ended, 'deny')).toEqual({ status: 'done', summary: 'DONE' });
  });

  it('tells Retry-After of an error in its debug log, and of nothing else', () => {
    const read = createDebugReader();
    const lines = [
      '[log_f23928] sending request {',
      '    "retry-after": "99",',
      '}',
      '{"type":"assistant"}',
      '[log_f23928] response error (error; no more retries left) {',
      '  headers: {',
      '    "retry-after": "7",',
      '  },',
      '}',
      'text',
    ];
    expect(lines.map(read)).toEqual([{}, {}, {}, undefined, {}, {}, { retryAfter: '7' }, {}, {}, undefined]);
  });
});

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

it.each([
  [401, '', 'auth'],
  [403, '', 'auth'],
  [408, '', 'api_error'],
  [413, '', 'context_overflow'],
  [429, '', 'rate_limited'],
  [400, 'prompt is too long: 200001 tokens', 'context_overflow'],
  [400, 'no such model', 'invalid_output'],
  [529, 'overloaded', 'api_error'],
  [200, '', undefined],
] as const)('%s %s', (status, text, failureClass) => {
  expect(classOfStatus(status, text)).toBe(failureClass);
});

it('reads Retry-After as seconds or as a date', () => {
  expect(retryAfterMsOf('1.5', 0)).toBe(1_500);
  expect(retryAfterMsOf('Sat, 21 Nov 2026 09:00:10 GMT', Date.parse('2026-11-21T09:00:00Z'))).toBe(10_000);
  expect(retryAfterMsOf('soon', 0)).toBeUndefined();
});
