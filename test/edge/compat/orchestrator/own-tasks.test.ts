/** Parts of any number of tasks: one read for a thousand of them, all of them however many there are. */
import { expect, it } from 'vitest';
import { TaskId } from '../../../../src/domain/ids.ts';
import type { CallOf } from '../../../../src/domain/operations.ts';
import { selectRows } from '../../../../src/domain/rows.ts';
import { sessionIdOf } from '../../../../src/domain/session.ts';
import { childrenOf, ownRow } from '../../../../src/edge/compat/orchestrator/own-tasks.ts';
import { asked, fakeEngine } from '../../cli/fake-engine.ts';
import { DIRECTORY } from './fake-engine.ts';
import { rowOf } from './rows.ts';

const SESSION = sessionIdOf(DIRECTORY);
const session = { id: SESSION, directory: DIRECTORY, createdAt: new Date(0).toISOString() };
const idOf = (at: number) => TaskId.parse(`parent-${at}`);

/** Each parent has one part; the part of a later parent was planned earlier. */
async function childrenOfMany(count: number) {
  const rows = Array.from({ length: count }, (_, at) => ({
    ...rowOf(`part-${at}`, { plan: { session: SESSION, parent: idOf(at) } }),
    startedAt: new Date(Date.UTC(2026, 0, 1) - at * 1_000).toISOString(),
  }));
  const reads: CallOf<'list'>[] = [];
  const engine = fakeEngine(
    {},
    {
      list: async (filter) => {
        reads.push(filter);
        return selectRows(rows, filter);
      },
    },
  );
  const parents = Array.from({ length: count }, (_, at) => idOf(at));
  return { found: await childrenOf(asked(engine), session, parents), rows, reads };
}

it.each([
  [0, 0],
  [200, 1],
  [1_000, 1],
  [2_500, 3],
])('finds the parts of %s tasks in %s reads, in the order they were planned', async (count, expected) => {
  const { found, rows, reads } = await childrenOfMany(count);
  expect(found.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toReversed());
  expect(reads).toHaveLength(expected);
});

it.each([
  ['its own directory', DIRECTORY, 'one', []],
  ['a directory by another name', '/link/to/shop', 'one', ['/link/to/shop']],
])(
  'a task is found from %s, and the session is opened where that is needed',
  async (_, directory, id, opens) => {
    const opened: string[] = [];
    const engine = fakeEngine(
      {},
      {
        list: async (filter) => selectRows([rowOf(id, { plan: { session: SESSION } })], filter),
        open: async (input) => {
          opened.push(input.directory);
          return { ...session, created: false };
        },
      },
    );
    const context = { directory, speakFor: () => undefined, signal: new AbortController().signal };
    expect((await ownRow(asked(engine), context, id)).session.id).toBe(SESSION);
    expect(opened).toEqual(opens);
  },
);
