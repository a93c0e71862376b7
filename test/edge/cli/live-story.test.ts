/** Live progress: a table of states and the lines that each adds, and what holds for any order of states. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskState } from '../../../src/domain/task-state.ts';
import { advance, nothingSeen, type Seen } from '../../../src/edge/cli/live-story.ts';
import { renderLine } from '../../../src/edge/cli/render.ts';
import { storyOf } from '../../../src/edge/cli/story.ts';
import { safeLine, safeText } from '../../../src/edge/cli/telling.ts';
import {
  approval,
  attempt,
  BASE,
  COMMIT,
  check,
  evidence,
  FAILED,
  HAPPY,
  MERGED,
  pullRequest,
  state,
} from './states.ts';

const plain = { colours: false };
const linesOf = (from: Seen, one: TaskState, nowMs: number) => {
  const { lines, seen } = advance(from, one, nowMs);
  return { seen, text: lines.map((line) => renderLine(line, plain).trim().replaceAll(/ {2,}/g, '  ')) };
};
/** The lines that each of these states adds, one second apart. */
function told(...states: readonly TaskState[]): string[][] {
  let seen = nothingSeen({ startedAtMs: 0, agent: 'mine' });
  return states.map((one, index) => {
    const next = linesOf(seen, one, index * 1000);
    seen = next.seen;
    return next.text;
  });
}

describe('what each state adds', () => {
  it('to a run without a hitch', () => {
    expect(told(...Object.values(HAPPY))).toEqual([
      ['● Fix the login  shop · agent command · task fix-login'],
      ['✔ workspace  pawl/fix-login from main@aaaaaaa  1.0 s'],
      ['✔ attempt 1  linter --write: 3 files changed  1.0 s'],
      [
        '✔ check  npm test @ 9d01c2e: 12 passed  1.1 s',
        '✔ pull request  #1  +14 -9 in 3 files',
        '? approval  evidence 1 of 1 for 9d01c2e',
      ],
      ['✔ approval  approved by ann via cli', '✔ merged  main@77aa0c1  total 4.0 s'],
    ]);
  });

  it('to a state that was seen: nothing', () => {
    expect(told(HAPPY.waiting, HAPPY.waiting)[1]).toEqual([]);
  });

  const working = { status: 'in_progress', baseCommit: BASE, step: 'attempt' } as const;
  it.each<[string, Partial<TaskState>, string]>([
    [
      'uncommitted changes',
      { ...working, dirty: true },
      '!  uncommitted changes in /home/ann/shop are not part of this run',
    ],
    [
      'a crash',
      {
        ...working,
        attempts: [attempt({ outcome: 'failed', failure: { class: 'worker_lost', message: 'gone' } })],
      },
      '✖ attempt 1  worker lost: gone',
    ],
    [
      'a resumed attempt',
      { ...working, attempts: [attempt({ reason: 'resume', resumedFrom: '1.3' })] },
      '✔ attempt 1  gone on, from checkpoint 1.3: linter --write: 3 files changed',
    ],
    [
      'a change that no check could be run on',
      { ...working, gates: [check({ status: 'failed', evidence: [], reason: 'submodule lib is nowhere' })] },
      '✖ check  submodule lib is nowhere',
    ],
    [
      'no check',
      { ...working, gates: [check({ status: 'unverified', evidence: [] })] },
      '! check  unverified: no check is configured (pawl init proposes some)',
    ],
    [
      'a check without an end',
      {
        ...working,
        gates: [check({ status: 'failed', evidence: [evidence({ passed: false, exitCode: null })] })],
      },
      '✖ check  npm test @ 9d01c2e: did not end in time  1.1 s',
    ],
    [
      'tests from the base commit',
      { ...working, gates: [check({ evidence: [evidence({ restored: ['test/a.js'], tail: 'ok' })] })] },
      '✔ check  npm test @ 9d01c2e: passed, with test/a.js as in the base commit  1.1 s',
    ],
    [
      'a flagged change',
      { ...working, pullRequest: pullRequest({ flagged: ['package.json'], files: 1 }) },
      '!  look closely at package.json: tests, checks or lock files are changed',
    ],
    [
      'a remark',
      { ...working, pullRequest: pullRequest({ remarks: [{ path: 'out', why: 'is a link to /etc' }] }) },
      '!  out is a link to /etc',
    ],
    [
      'a rejection',
      { ...working, gates: [approval({ status: 'rejected', by: 'bob', via: 'http', reason: 'too much' })] },
      '✖ approval  rejected by bob via http: too much',
    ],
    [
      'a base that moved',
      { ...working, gates: [approval({ status: 'stale', by: 'bob' })] },
      '! approval  stale: the base branch has moved',
    ],
    [
      'an approval that is carried over',
      {
        ...working,
        gates: [approval({ status: 'approved', by: 'bob', via: 'cli', carriedFrom: 'approval-1' })],
      },
      '✔ approval  approved by bob via cli, carried over from approval-1: the same change, checked again',
    ],
    [
      'an escalation',
      { status: 'awaiting_gate', gates: [{ gate: 'escalation', status: 'open', question: 'no credential' }] },
      '? escalation  no credential',
    ],
    [
      'a merge nobody verified',
      { status: 'completed', mergedCommit: MERGED, unverified: true },
      '✔ merged  main@77aa0c1 (unverified)  total 0.0 s',
    ],
    [
      'a dirty base branch',
      { status: 'completed', mergedCommit: MERGED, takeCommand: 'git merge --ff-only x' },
      '!  take it with: git merge --ff-only x',
    ],
    ['a cancelled task', { status: 'cancelled' }, '✖ cancelled  total 0.0 s'],
    [
      'a task of the client',
      { kind: 'client_driven', status: 'completed', summary: 'counted' },
      '✔ completed  counted  total 0.0 s',
    ],
    ['a note', { notes: ['half of it'] }, '✔ note  half of it'],
    ['words that would move the cursor', { notes: ['\u001b[2J\u001b]0;x\u0007a\r\nb\u202e'] }, '✔ note  a b'],
  ])('%s', (_, parts, line) => {
    expect(told(state(parts))[0]).toContain(line);
  });
});

it('tells attempts and the gates that followed each in order, also to who comes late', () => {
  const second = 'b'.repeat(40);
  const story = storyOf(
    state({
      status: 'awaiting_gate',
      attempts: [
        attempt({ outcome: 'failed' }),
        attempt({ number: 2, reason: 'retry' }),
        attempt({ number: 3, reason: 'fix', commit: second }),
      ],
      gates: [
        { gate: 'escalation', status: 'approved', by: 'ann' },
        check({ status: 'failed', evidence: [evidence({ passed: false, exitCode: 1 })] }),
        check({ commit: second, evidence: [evidence({ commit: second })] }),
        approval({ commit: second }),
      ],
      pullRequest: pullRequest({ commit: second }),
    }),
  );
  expect(story.map(({ key }) => key)).toEqual([
    'title',
    'attempt:1',
    'gate:0:decided',
    'attempt:2',
    'gate:1:0',
    'attempt:3',
    'gate:2:0',
    `pull-request:${second}`,
    'gate:3:open',
  ]);
});

it('says what runs now, since when', () => {
  const waiting = state({ status: 'blocked', waitingFor: 'the provider, for 60 s' });
  expect(advance(nothingSeen(), waiting, 5).seen.doing).toMatchObject({
    text: 'for the provider, for 60 s',
    sinceMs: 5,
  });
  const before = advance(nothingSeen(), HAPPY.working, 5).seen;
  expect(before.doing).toMatchObject({ key: 'attempt:1', text: 'command works', sinceMs: 5 });
  expect(advance(before, { ...HAPPY.working, notes: ['x'] }, 50).seen.doing?.sinceMs).toBe(5);
  expect(advance(before, HAPPY.waiting, 50).seen.doing).toBeUndefined();
  // Its agent does not work yet, whatever the step is.
  const queued = { ...HAPPY.working, waitingFor: 'a free agent: place 1 in the queue' };
  expect(advance(before, queued, 50).seen.doing).toMatchObject({ label: 'waiting', sinceMs: 50 });
  for (const step of ['workspace', 'attempt', 'check', 'pull_request', 'approval', 'merge'] as const) {
    expect(advance(nothingSeen(), state({ status: 'in_progress', step }), 0).seen.doing?.label).not.toBe('');
  }
});

describe('whatever states come, in whatever order', () => {
  const states = fc.array(fc.constantFrom(...Object.values(HAPPY), FAILED, state({ status: 'cancelled' })), {
    maxLength: 12,
  });

  it('no line is told twice, and who comes late is told no less', () => {
    fc.assert(
      fc.property(states, (several) => {
        let seen = nothingSeen();
        const keys: string[] = [];
        several.forEach((one, index) => {
          const next = advance(seen, one, index);
          seen = next.seen;
          keys.push(...next.lines.map(({ key }) => key));
        });
        expect(new Set(keys).size).toBe(keys.length);
        const last = several.at(-1);
        if (last !== undefined) for (const { key } of storyOf(last)) expect(keys).toContain(key);
      }),
    );
  });

  it('no text moves the cursor or breaks the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = storyOf(
          state({ title: text, notes: [text], attempts: [attempt({ summary: text, commit: COMMIT })] }),
        );
        for (const line of shown) expect(renderLine(line, plain)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
        expect(safeText(text).replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
        expect(safeLine(text)).toBe(safeLine(safeLine(text)));
      }),
    );
  });
});
