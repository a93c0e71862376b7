/** What the lines of Claude Code mean, recorded from the program itself. How it behaves as a whole: `test/agents`. */

import { describe, expect, it } from 'vitest';
import { outcomeOf as claudeOutcome, permissionOf } from '../../../../src/adapters/agents/claude/outcome.ts';
import { claudeLineOf, createDebugReader } from '../../../../src/adapters/agents/claude/stream.ts';
import { ended, failureOf } from '../failures.ts';

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
