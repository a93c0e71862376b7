/** What the messages of the pipeline say beyond the feed: lines of logs and decisions, read from an engine that is a plain object. */
import { expect, it } from 'vitest';
import type { FeedEvent } from '../../../../src/domain/events.ts';
import { PawlError } from '../../../../src/domain/failures.ts';
import type { EngineApi } from '../../../../src/domain/operations.ts';
import { rowOfState } from '../../../../src/domain/rows.ts';
import type { PipelineMessage } from '../../../../src/edge/compat/dashboard/pipeline-message.ts';
import { levelOf, tellPipeline } from '../../../../src/edge/compat/dashboard/tell-pipeline.ts';
import { fakeEngine } from '../../cli/fake-engine.ts';
import { approval, state } from '../../cli/states.ts';

const STARTED = '2026-01-02T03:04:05.000Z';
const open = state({ status: 'awaiting_gate', gates: [approval({ id: 'approval-1' })] });
const printed = (bytes: number): FeedEvent => ({ type: 'output', id: open.id, attempt: 1, bytes });
const row = (now: typeof open): FeedEvent => ({ type: 'row', row: rowOfState(now, STARTED) });
const snapshot: FeedEvent = { type: 'snapshot', rows: [rowOfState(open, STARTED)], executions: [] };

async function told(
  events: readonly FeedEvent[],
  own: Partial<EngineApi>,
): Promise<readonly PipelineMessage[]> {
  const engine = fakeEngine(
    {},
    {
      async *events() {
        for (const event of events) yield { number: '0:1', event };
      },
      ...own,
    },
  );
  const messages: PipelineMessage[] = [];
  for await (const message of tellPipeline(engine, new AbortController().signal)) messages.push(message);
  return messages;
}

/** A log of which each read answers what stands there from its offset on. */
function logOf(asked: number[], bytes: number): Partial<EngineApi> {
  return {
    async logs({ offset }) {
      asked.push(offset);
      const line = { t: STARTED, attempt: 1, type: 'log', text: `from ${offset}` };
      return { lines: [line], attempt: 1, offset: bytes };
    },
  };
}

it('reads a log from its last part, then on from where it was, and once more when all is over', async () => {
  const asked: number[] = [];
  const over = { ...open, status: 'completed' as const, gates: [] };
  const messages = await told(
    [snapshot, printed(100_000), printed(100_001), row(over)],
    logOf(asked, 100_000),
  );
  expect(asked).toEqual([100_000 - 8 * 1024, 100_000, 100_000]);
  const logs = messages.filter(({ type }) => type === 'agent_log');
  expect(logs[0]).toEqual({
    type: 'agent_log',
    data: { level: 'info', message: 'from 91808', agent: 'command', task_id: open.id, timestamp: '03:04:05' },
  });
});

it('passes by what is further back than anybody would be told in time', async () => {
  const asked: number[] = [];
  await told([snapshot, printed(10), printed(10_000_000)], logOf(asked, 10));
  expect(asked).toEqual([0, 10_000_000 - 256 * 1024]);
});

it('reads no log and asks for no gate where there is nothing of them', async () => {
  const messages = await told([snapshot, row({ ...open, title: 'Other' })], {
    logs: () => expect.fail('read'),
    show: () => expect.fail('asked'),
  });
  expect(messages.map(({ type }) => type)).toEqual([
    'connection',
    'decision_needed',
    'status_update',
    'task_update',
  ]);
});

it.each([
  ['approved', [{ signal_id: `${open.id}/approval-1`, decision: 'approve', by: 'ann', rationale: null }]],
  ['rejected', [{ signal_id: `${open.id}/approval-1`, decision: 'reject', by: 'ann', rationale: null }]],
  ['stale', []],
] as const)('tells of a gate that is %s by now', async (status, decided) => {
  const after = {
    ...open,
    status: 'in_progress' as const,
    gates: [approval({ id: 'approval-1', status, by: 'ann' })],
  };
  const messages = await told([snapshot, row(after)], { show: async () => after });
  expect(messages.flatMap((one) => (one.type === 'decision_made' ? one.data : []))).toEqual(decided);
});

it('goes on where a task is gone before it could be asked', async () => {
  const after = { ...open, status: 'in_progress' as const, gates: [] };
  const show = () => Promise.reject(new PawlError('not_found', 'there is no such task'));
  const messages = await told([snapshot, row(after)], { show });
  expect(messages.at(-1)?.type).toBe('status_update');
});

it.each([
  ['ended', 'done: it works', 'success'],
  ['ended', 'failed: it does not', 'error'],
  ['full', 'this log is full', 'warning'],
  ['log', 'done', 'info'],
])('%s %s is of level %s', (type, text, level) => {
  expect(levelOf({ type, text })).toBe(level);
});
