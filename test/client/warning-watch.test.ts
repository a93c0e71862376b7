/** Warning signs are looked for while somebody reads along, from what was told before as well; then no timer is left. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWarningWatch } from '../../src/client/warning-watch.ts';
import { TaskId } from '../../src/domain/ids.ts';
import type { TaskState, TaskStatus } from '../../src/domain/task-state.ts';
import type { Warning } from '../../src/domain/warning-signs.ts';
import { attempt, state } from '../edge/cli/states.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const idOf = (n: number) => TaskId.parse(`task-${n}`);
const working = (n: number): TaskState =>
  state({ id: idOf(n), status: 'in_progress', step: 'attempt', attempts: [attempt({ outcome: 'running' })] });

function watching() {
  const told: (readonly Warning[])[] = [];
  const statuses = new Map<string, TaskStatus>();
  const watch = createWarningWatch({
    onChange: (warnings) => told.push(warnings),
    statusOf: (id) => statuses.get(id),
    memoryShare: () => 0,
  });
  const tell = (now: TaskState) => {
    statuses.set(now.id, now.status);
    watch.changed(now);
  };
  return { told, watch, tell, statuses };
}
const aboutOf = (told: readonly (readonly Warning[])[]) => told.map((one) => one.map(({ about }) => about));

it('warn of an agent that is silent, until it prints again', () => {
  const { told, watch, tell } = watching();
  tell(working(1));
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
  watch.begin();
  expect(aboutOf(told)).toEqual([['silent_agent']]);
  vi.advanceTimersByTime(10_000);
  watch.printed({ type: 'output', id: idOf(1), attempt: 1, bytes: 9 });
  vi.advanceTimersByTime(5_000);
  expect(aboutOf(told)).toEqual([['silent_agent'], []]);
  watch.end();
  expect(vi.getTimerCount()).toBe(0);
});

it('do not warn of an agent that waits for its turn, of checks, or of what is over', () => {
  const { told, watch, tell, statuses } = watching();
  watch.begin();
  tell(working(1));
  watch.waits(idOf(1), 'a free agent: place 1 in the queue');
  tell({ ...working(2), step: 'check', attempts: [attempt({ outcome: 'done' })] });
  tell(working(3));
  statuses.set(idOf(3), 'completed');
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
  watch.end();
});

it('warn of five tasks that wait for an agent, pending or in the queue, until one has begun', () => {
  const { told, watch, tell } = watching();
  for (const n of [1, 2, 3]) tell(state({ id: idOf(n), status: 'pending', attempts: [] }));
  for (const n of [4, 5]) {
    tell(working(n));
    watch.waits(idOf(n), 'a free agent');
  }
  watch.begin();
  expect(aboutOf(told)).toEqual([['backlog']]);
  watch.waits(idOf(4), undefined);
  vi.advanceTimersByTime(5_000);
  expect(aboutOf(told)).toEqual([['backlog'], []]);
  watch.end();
});
