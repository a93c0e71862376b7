/** What the lines of Codex mean, recorded from the program itself. How it behaves as a whole: `test/agents`. */

import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../../../src/adapters/agents/codex/agent.ts';
import { outcomeOf as codexOutcome } from '../../../../src/adapters/agents/codex/outcome.ts';
import { codexItemOf, codexLineOf, providerAnswerOf } from '../../../../src/adapters/agents/codex/stream.ts';
import { ended, failureOf } from '../failures.ts';

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
