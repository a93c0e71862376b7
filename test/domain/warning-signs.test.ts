/** Which signs warn, since when, and when they are over. */
import { expect, it } from 'vitest';
import { TaskId } from '../../src/domain/ids.ts';
import { sameWarnings, type WarningFacts, warningsOf } from '../../src/domain/warning-signs.ts';

const id = TaskId.parse('one');
const at = (ms: number) => new Date(ms).toISOString();
const QUIET: WarningFacts = { working: [], waiting: 0, memoryShare: 0.5 };
const working = (heardAtMs: number): WarningFacts => ({ ...QUIET, working: [{ id, heardAtMs }] });

it.each([
  ['an agent that was heard just now', working(30_001), []],
  ['an agent that is silent for 30 s', working(30_000), [{ about: 'silent_agent', id, since: at(30_000) }]],
  ['four tasks that wait', { ...QUIET, waiting: 4 }, []],
  ['five tasks that wait', { ...QUIET, waiting: 5 }, [{ about: 'backlog', since: at(60_000) }]],
  ['memory at the bound', { ...QUIET, memoryShare: 0.8 }, []],
  ['memory above the bound', { ...QUIET, memoryShare: 0.81 }, [{ about: 'memory', since: at(60_000) }]],
] as const)('%s', (_, facts, expected) => {
  expect(warningsOf(facts, [], 60_000)).toMatchObject(expected);
  expect(warningsOf(facts, [], 60_000)).toHaveLength(expected.length);
});

it('keep their beginning while they hold, and begin anew after they were over', () => {
  const facts = { working: [{ id, heardAtMs: 0 }], waiting: 9, memoryShare: 0.9 };
  const first = warningsOf(facts, [], 60_000);
  const later = warningsOf({ ...facts, memoryShare: 0.76 }, first, 90_000);
  expect(later.map(({ about, since }) => [about, since])).toEqual([
    ['silent_agent', at(0)],
    ['backlog', at(60_000)],
    ['memory', at(60_000)],
  ]);
  expect(sameWarnings(first, later)).toBe(true);
  const over = warningsOf({ ...QUIET, memoryShare: 0.75 }, later, 91_000);
  expect(over).toEqual([]);
  expect(warningsOf({ ...QUIET, waiting: 5 }, over, 92_000)).toMatchObject([{ since: at(92_000) }]);
  expect(sameWarnings(first, over)).toBe(false);
});
