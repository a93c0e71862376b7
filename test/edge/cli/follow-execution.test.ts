/** An execution as it is followed: what people and programs read, once each, and the exit code of every end. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ExecutionState } from '../../../src/domain/executions/execution-state.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { isMoving } from '../../../src/edge/cli/execution-next.ts';
import { doingIn, executionStory } from '../../../src/edge/cli/execution-story.ts';
import { renderLine } from '../../../src/edge/cli/render.ts';
import { at, ID, STATES } from './execution-states.ts';
import { fakeEngine } from './fake-engine.ts';
import { pawl } from './fakes.ts';

const engineThat = (...states: readonly ExecutionState[]) =>
  fakeEngine(
    {},
    {
      execution: async () => states[0] ?? STATES.begun,
      async *executionStates() {
        yield* states;
      },
    },
  );
const follow = (states: readonly ExecutionState[], ...more: readonly string[]) =>
  pawl(['execution', 'follow', ID, ...more], { fake: engineThat(...states) });

it('tells each thing once, in the order in which it happened, with how long it took', async () => {
  const { begun, gated, building, completed } = STATES;
  const { code, out } = await pawl(['execution', 'follow', ID], {
    fake: engineThat(begun, begun, gated, gated, building, completed),
    interactive: true,
    choose: (_, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
  });
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line !== '')).toEqual([
    expect.stringMatching(/^● Make it +loop make · execution x_make-7f3k$/),
    expect.stringMatching(/^ {2}✔ plan +planned · by claude +2\.0 s$/),
    expect.stringMatching(/^ {2}\? gate right +waits for a person: approve or reject$/),
    'next: right',
    '  pawl execution approve x_make-7f3k right',
    '  pawl execution reject x_make-7f3k right --reason <why>',
    // What the person decides on who is asked.
    'plan  in-progress',
    expect.stringMatching(/^ {2}✔ plan +completed, 2\.0 s, by claude$/),
    expect.stringMatching(/^ +task plan-1$/),
    expect.stringMatching(/^ +planned$/),
    expect.stringMatching(/^ {2}\? right +gate: open$/),
    expect.stringMatching(/^ {2}✔ gate right +approved · by ann$/),
    expect.stringMatching(/^ {2}✔ build +built · by claude +5\.0 s$/),
    expect.stringMatching(/^ {2}✔ completed +total 10\.0 s$/),
  ]);
});

it('tells once why a skill failed, and the commands that get it on', async () => {
  const { out } = await follow([
    { ...STATES.blocked, blockedBy: 'skill plan failed: no; retry it, reset it, or let somebody skip it' },
  ]);
  const lines = out.split('\n').filter((line) => line !== '');
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^ {2}✖ plan +no · by claude +2\.0 s$/),
    expect.stringMatching(/^ {2}\? blocked +skill plan failed; retry it, reset it, or let somebody skip it$/),
    'next: plan, which failed',
    '  pawl execution retry x_make-7f3k plan',
    '  pawl execution reset x_make-7f3k plan',
    '  pawl execution skip x_make-7f3k plan --reason <why>',
  ]);
});

describe('the exit code', () => {
  it.each([
    ['0 where it is completed', ['completed'], 0, ''],
    ['1 where it has failed', ['failed'], 1, 'skill plan failed'],
    ['3 at a gate', ['begun', 'gated', 'completed'], 3, 'pawl execution approve x_make-7f3k right'],
    ['3 where a task asks', ['queued', 'asking'], 3, 'Which one?: pawl retry plan-1'],
    ['3 where it is blocked', ['blocked'], 3, 'pawl execution retry x_make-7f3k plan'],
    ['3 where a guarantee of what was done does not hold', ['begun', 'refused'], 3, 'no file is there'],
    ['3 where the budget is spent', ['spent'], 3, 'the budget is spent'],
    ['3 where an item asks, before one that is to be merged after it', ['itemsInTurn'], 3, 'plan-a asks'],
    ['3 where it is paused', ['paused'], 3, 'pawl execution resume x_make-7f3k'],
  ] as const)('is %s', async (_, names, expected, words) => {
    const { code, out } = await follow(names.map((name) => STATES[name]));
    expect(out).toContain(words);
    expect(code).toBe(expected);
  });

  it('is 4 where the engine stays away, and 130 on Ctrl-C', async () => {
    const away = fakeEngine(
      {},
      {
        execution: async () => STATES.begun,
        async *executionStates() {
          yield STATES.begun;
          throw new PawlError('unavailable', 'nobody answers');
        },
      },
    );
    expect(await pawl(['execution', 'follow', ID], { fake: away })).toMatchObject({
      ...{ code: 4, err: expect.stringContaining(`execution ${ID} goes on once it is back`) },
    });
    const leaving = new AbortController();
    const followed = fakeEngine(
      {},
      {
        execution: async () => STATES.begun,
        async *executionStates(_, signal) {
          yield STATES.begun;
          leaving.abort();
          while (!signal.aborted) await sleep(1);
        },
      },
    );
    expect(await pawl(['execution', 'follow', ID], { fake: followed, signal: leaving.signal })).toMatchObject(
      { code: 130, err: expect.stringContaining(`pawl show ${ID}`) },
    );
  });
});

it('programs get each state as a document', async () => {
  const { documents } = await follow([STATES.begun, STATES.completed], '--json');
  expect(documents).toEqual([{ execution: STATES.begun }, { execution: STATES.completed }]);
});

it('a run by a loop is followed, and found where it was started already', async () => {
  const fake = engineThat(STATES.completed);
  const { code, out } = await pawl(['run', 'Cancel orders', '--loop', 'feature'], { fake });
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('✔ completed') });
});

it.each([
  ['begun', true, 'plan', 'task plan-1'],
  ['queued', true, 'plan', 'task plan-1 waits for a slot'],
  ['asking', false, undefined, undefined],
  ['gated', false, undefined, undefined],
  ['building', true, 'build', 'task build-1'],
  ['looking', true, 'plan', 'task plan-1'],
  ['byClient', true, 'plan', 'whoever drives it works on it'],
  ['paused', false, undefined, undefined],
  ['refused', false, undefined, undefined],
  ['takenUp', true, 'plan', 'task plan-1'],
  ['spent', false, undefined, undefined],
  ['blockedBeside', true, 'build', 'task build-1'],
  ['aborted', false, undefined, undefined],
  ['completed', false, undefined, undefined],
] as const)('%s: whether it goes on by itself, and what runs', (name, moves, label, text) => {
  expect(isMoving(STATES[name])).toBe(moves);
  const doing = doingIn(STATES[name], { now: () => 5, date: () => Date.parse(at(3)) }, undefined);
  expect(doing && { label: doing.label, text: doing.text }).toEqual(label && { label, text });
  if (doing !== undefined) expect(5 - doing.sinceMs).toBe(label === 'build' ? 0 : 2_000);
});

it('no two lines of a story have one key', () => {
  for (const state of Object.values(STATES)) {
    const keys = executionStory(state).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

it('`pawl show` shows an execution too, with how its task stands and for how long', async () => {
  const { out } = await pawl(['show', ID], {
    fake: engineThat(STATES.asking),
    date: () => Date.parse(at(7)),
  });
  expect(out).toContain('plan                 in-progress, 6.0 s');
  expect(out).toContain('task plan-1 awaiting_gate: Which one?: pawl retry plan-1');
  expect(out).toContain('next: plan-1 asks');
});

it('`pawl show` says of no task that has ended that it is at work', async () => {
  const { out } = await pawl(['show', ID], { fake: engineThat(STATES.refused) });
  expect(out).toContain('no file is there');
  expect(out).not.toContain('at work');
});

it('what is picked of is named in lines below, which are indented', async () => {
  const { out } = await pawl(['show', ID], { fake: engineThat(STATES.toPick) });
  expect(out).toContain(
    'next: pick one of plan\n  pawl execution pick x_make-7f3k plan claude (pawl diff plan-a)\n',
  );
});

it('an item in a printed command is one word for a shell, whatever it is', async () => {
  const { phases, ...rest } = STATES.toPick;
  const item = "a; touch pwned # it's $(x)";
  const named = phases.map((phase) => ({
    ...phase,
    skills: phase.skills.map((skill) => ({ ...skill, items: skill.items?.map((one) => ({ ...one, item })) })),
  }));
  const { out } = await pawl(['show', ID], { fake: engineThat({ ...rest, phases: named }) });
  const [, command = ''] = /^ {2}(pawl execution pick .*) \(pawl diff/m.exec(out) ?? [];
  const heard = execFileSync('sh', ['-c', `pawl() { printf '%s\\n' "$@"; }; ${command}`], {
    encoding: 'utf8',
  });
  expect(heard.trimEnd().split('\n')).toEqual(['execution', 'pick', ID, 'plan', item]);
});

it('a label that is longer than its column stands apart from what follows', () => {
  const line = { key: 'k', mark: 'waiting', label: 'gate plan-is-right', text: 'waits' } as const;
  expect(renderLine(line, { colours: false })).toBe('  ? gate plan-is-right  waits');
});
