/** What tools take and refuse of what a caller writes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { orchestratorTools } from '../../../../src/edge/compat/orchestrator/toolset.ts';
import { createToolRig, type ToolRig } from './fake-engine.ts';

let rig: ToolRig;
beforeEach(() => {
  rig = createToolRig();
});
const PLANNED = { title: 'x', description: '' };

const issuesOf = (name: string, input: object) => {
  const tool = orchestratorTools.find((one) => one.name === `orchestrator_${name}`);
  return (tool?.input.safeParse(input).error?.issues ?? []).map(({ path, message }) => [
    path.join('.'),
    message,
  ]);
};

describe('a time', () => {
  it.each([
    ['2026-11-21', '2026-11-21'],
    ['2026-11-21T00:00:00', '2026-11-21T00:00:00Z'],
    ['2026-11-21T09:30', '2026-11-21T09:30:00Z'],
    ['2026-11-21T09:30:00.5Z', '2026-11-21T09:30:00.5Z'],
    ['2026-11-21T09:30:00-05:00', '2026-11-21T09:30:00-05:00'],
  ])('%s is ISO 8601, and UTC where it says no other', async (given, kept) => {
    const { task_id, due_date } = await rig.ok('plan_task', { ...PLANNED, due_date: given });
    expect(due_date).toBe(kept);
    expect((await rig.ok('update_task', { task_id, due_date: given })).task.due_date).toBe(kept);
    // All of this rig's tasks were planned in June 2026.
    for (const [field, total_count] of [
      ['created_before', 1],
      ['created_after', 0],
    ]) {
      const found = await rig.ok('query_tasks', { [String(field)]: given });
      expect(found).toMatchObject({ total_count, filters_applied: { [String(field)]: given } });
    }
  });

  it.each(['soon', '2026-11', '2026-13-01', '2026-02-30', '2026-11-21 09:30', '21.11.2026', ''])(
    '%j is none',
    (given) => {
      for (const [tool, field] of [
        ['plan_task', 'due_date'],
        ['update_task', 'due_date'],
        ['query_tasks', 'created_after'],
        ['query_tasks', 'created_before'],
      ] as const) {
        const issues = issuesOf(tool, {
          ...(tool === 'plan_task' ? PLANNED : {}),
          task_id: 'a',
          [field]: given,
        });
        expect(issues).toContainEqual([field, expect.stringContaining('expected ISO 8601: 2026-11-21,')]);
      }
    },
  );
});

it.each(['', ' ', ' \t\n ', '\u2003'])('%j is no title', async (title) => {
  expect(issuesOf('plan_task', { ...PLANNED, title })).toEqual([
    ['title', 'expected a title in words, got none'],
  ]);
  expect(issuesOf('update_task', { task_id: 'a', title })).toEqual([
    ['title', 'expected a title in words, got none'],
  ]);
});

it('a key that would be lost is refused by name', () => {
  const context = JSON.parse('{"a":1,"__proto__":{"b":2}}');
  for (const [tool, more] of [
    ['plan_task', PLANNED],
    ['update_task', { task_id: 'a' }],
  ] as const) {
    expect(issuesOf(tool, { ...more, context })).toEqual([
      ['context.__proto__', 'expected another name for this key'],
    ]);
    expect(issuesOf(tool, { ...more, context: { proto: 1, constructor: 2 } })).toEqual([]);
  }
});

it('parts of a task that is not there are no empty list', async () => {
  rig.plan('foreign', { session: 'session-0000000000000000' });
  rig.plan('own');
  for (const parent_task_id of ['nobody', 'foreign']) {
    await expect(rig.ok('query_tasks', { parent_task_id })).rejects.toMatchObject({
      code: 'not_found',
      message: `parent_task_id: there is no task ${parent_task_id} in this session`,
      details: [['parent_task_id']],
    });
  }
  expect(await rig.ok('query_tasks', { parent_task_id: 'own' })).toMatchObject({ total_count: 0 });
});
