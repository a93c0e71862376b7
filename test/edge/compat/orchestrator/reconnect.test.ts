/** What is told of a connection that was made anew: measured, and true also where it could not be. */
import { expect, it } from 'vitest';
import { PawlError } from '../../../../src/domain/failures.ts';
import { reconnectTest } from '../../../../src/edge/compat/orchestrator/reconnect.ts';
import type { ReconnectableCalls, ToolContext } from '../../../../src/edge/mcp/tool.ts';

const STARTED = '2026-01-02T03:04:05Z';
const GONE = new PawlError('unavailable', 'nobody is there');
const CONTEXT: ToolContext = {
  directory: '/shop',
  speakFor: () => undefined,
  signal: new AbortController().signal,
};

/** Answers with the next of these; an error is thrown. */
function engineOf(
  vitals: readonly ({ pid: number; startedAt?: string } | Error)[],
  reconnect?: () => Promise<void>,
): ReconnectableCalls {
  const rest = [...vitals];
  const engine = {
    vitals: async () => {
      const next = rest.shift();
      if (next === undefined) throw new Error('it was asked more often than it should be');
      if (next instanceof Error) throw next;
      return { startedAt: STARTED, ...next };
    },
    sessions: async () => ({ sessions: [{ id: 'session-1' }, { id: 'session-2' }] }),
    ...(reconnect && { reconnect }),
  };
  return engine as unknown as ReconnectableCalls; // nothing else of it is asked
}
const ask = async (engine: ReconnectableCalls, input: object = {}) => {
  const { structured } = await reconnectTest.call(engine, reconnectTest.input.parse(input), CONTEXT);
  return reconnectTest.output.parse(structured);
};
const opens = async () => undefined;
const fails = async () => {
  throw GONE;
};

it.each([
  ['the same engine', { pid: 7 }, { pid: 7 }, true, /the same engine as before/],
  ['another engine', { pid: 7 }, { pid: 8 }, false, /another engine than before/],
  [
    'another engine with a number used again',
    { pid: 7 },
    { pid: 7, startedAt: '2026-01-02T04:00:00Z' },
    false,
    /another engine than before/,
  ],
  ['an engine that did not answer before', GONE, { pid: 7 }, null, /did not answer before/],
])('passes with %s', async (_, before, after, same, words) => {
  const answer = await ask(engineOf([before, after], opens));
  expect(answer).toMatchObject({ overall_status: 'pass', message: expect.stringMatching(words) });
  expect(answer.results).toMatchObject({
    all_sessions: { count: 2 },
    buffer_status: { buffered_calls: 0 },
    reconnection_stats: {
      reconnected: true,
      same_engine: same,
      before: before instanceof Error ? { pid: null, error: 'nobody is there' } : { pid: 7, error: null },
      after: { pid: after.pid, error: null },
      reconnect_ms: expect.any(Number),
    },
  });
});

it.each([
  ['no new connection can be opened', engineOf([{ pid: 7 }], fails)],
  ['nothing answers over the new one', engineOf([{ pid: 7 }, GONE], opens)],
  ['nothing answers, and nothing lies between', engineOf([{ pid: 7 }, GONE])],
])('fails where %s', async (_, engine) => {
  const answer = await ask(engine);
  expect(answer).toMatchObject({
    overall_status: 'fail',
    message: 'the engine does not answer: nobody is there',
  });
  expect(answer.results.reconnection_stats).toMatchObject({ same_engine: null, after: { pid: null } });
});

it('says so where nothing lies between that could be connected anew', async () => {
  const answer = await ask(engineOf([{ pid: 7 }, { pid: 7 }]));
  expect(answer.overall_status).toBe('pass');
  expect(answer.results.reconnection_stats).toMatchObject({
    reconnected: false,
    reconnect_ms: null,
    same_engine: true,
    note: expect.stringContaining('served by the engine itself'),
  });
});

it.each([
  ['session-2', 'pass', true],
  ['session-3', 'fail', false],
])('looks for the session %s where it is asked to', async (session_id, status, exists) => {
  const answer = await ask(engineOf([{ pid: 7 }, { pid: 7 }], opens), { session_id });
  expect(answer).toMatchObject({
    overall_status: status,
    results: { session_test: { session_id, exists } },
  });
});

it('leaves out what is not wanted, and hides no bug', async () => {
  const little = { include_buffer_status: false, include_reconnection_stats: false };
  const answer = await ask(engineOf([{ pid: 7 }, { pid: 7 }], opens), little);
  expect(answer.results).toEqual({ all_sessions: { count: 2 } });
  await expect(ask(engineOf([new TypeError('a bug')], opens))).rejects.toThrow('a bug');
});
