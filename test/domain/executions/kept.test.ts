/** What clients leave with an execution: files beside it, by name, and how they found a skill. */
import { describe, expect, it } from 'vitest';
import { EXECUTION_MESSAGES } from '../../../src/domain/executions/execution-messages.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { Driven } from './driven.ts';
import { by, done, driven, end } from './driven-tasks.ts';
import { phase, skill } from './written-loops.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const written = (name: string, more: object = {}) => ({
  ...{ category: 'context', name, digest: DIGEST, bytes: 3 },
  ...more,
});

it('keeps files by category and name, each as it was written last, until they are removed', () => {
  const it = new Driven([phase('p', [skill('a')])]);
  it.do('update', { transient: [written('notes', { metadata: { of: 'me' } }), written('more')] });
  it.do('update', { transient: [written('notes', { category: 'scratch' })] });
  it.pass(1_000);
  it.do('update', { transient: [written('notes', { digest: OTHER, bytes: 4 })] });
  const at = '2026-01-01T00:00:01.000Z';
  expect(it.state.transient).toEqual([
    { ...written('more'), writtenAt: '2026-01-01T00:00:00.000Z' },
    { ...written('notes', { category: 'scratch' }), writtenAt: '2026-01-01T00:00:00.000Z' },
    { ...written('notes', { digest: OTHER, bytes: 4 }), writtenAt: at },
  ]);
  it.do('update', {
    transient: [
      { category: 'context', name: 'notes', digest: null },
      { category: 'working', name: 'never there', digest: null },
    ],
  });
  expect(it.state.transient?.map(({ category, name }) => `${category}/${name}`)).toEqual([
    'context/more',
    'scratch/notes',
  ]);
});

it('keeps no more files than it can carry along', () => {
  const it = new Driven([phase('p', [skill('a')])]);
  const max = LIMITS.transientsPerExecutionMax;
  it.do('update', { transient: Array.from({ length: max }, (_, index) => written(`file ${index}`)) });
  expect(it.send('update', { transient: [written('one more')] })).toContain(
    `expected at most ${max} files, got ${max + 1}: remove some first`,
  );
  // What is there already is no further one.
  it.do('update', { transient: [written('file 0', { digest: OTHER })] });
  const long = { text: 'x'.repeat(LIMITS.transientMetadataCharsMax) };
  const parsed = EXECUTION_MESSAGES.update.safeParse({
    by: 'bob',
    transient: [written('a', { metadata: long })],
  });
  expect(parsed.error?.issues[0]).toMatchObject({
    path: ['transient', 0, 'metadata'],
    message: expect.stringContaining('at most'),
  });
});

const FOUND = {
  score: 0.8,
  rubric: { completeness: 4, quality: 5, friction: 2, relevance: 3 },
  sectionRecommendations: [{ type: 'add', section: 'Setup', reason: 'nobody says how' }],
};

it('shows how whoever did a skill found it, with the report', () => {
  const it = new Driven([phase('p', [skill('a'), skill('b')])]);
  it.do('complete', { skill: 'a', summary: 'done', ...FOUND });
  expect(it.skill('a')).toMatchObject(FOUND);
  // The same again is harmless, another opinion is another report.
  it.do('complete', { skill: 'a', summary: 'done', ...FOUND });
  expect(it.send('complete', { skill: 'a', summary: 'done', ...FOUND, score: 0.1 })).toContain(
    'this report is another one',
  );
  it.done('b');
  expect(it.skill('b')).not.toHaveProperty('score');
});

it.each([
  [{ score: 1.1 }, 'score'],
  [{ rubric: { ...FOUND.rubric, quality: 6 } }, 'rubric.quality'],
  [{ rubric: { completeness: 4 } }, 'rubric.quality'],
  [
    { sectionRecommendations: [{ type: 'praise', section: 'a', reason: 'b' }] },
    'sectionRecommendations.0.type',
  ],
])('takes no opinion that is none: %j', (more, path) => {
  const parsed = EXECUTION_MESSAGES.complete.safeParse({ by: 'bob', skill: 'a', ...more });
  expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
});

describe('outputs', () => {
  const text = 'x'.repeat(LIMITS.valueCharsMax);
  const returns = { a: 'string', b: 'string', c: 'string' };
  /** Of one skill as JSON, with names and quotes. */
  const outputs = { a: text, b: text, c: text };
  const fitting = Math.floor(LIMITS.outputsOfAllCharsMax / (3 * (text.length + 10)));
  const skills = Array.from({ length: fitting + 1 }, (_, at) => `s${at}`);
  const REFUSED = `an execution keeps at most ${LIMITS.outputsOfAllCharsMax} characters of JSON of all its skills`;

  it('of all skills are no more than an execution can carry along', () => {
    const it = new Driven([
      phase(
        'p',
        skills.map((id) => skill(id, { returns })),
      ),
    ]);
    const last = skills.at(-1) ?? '';
    for (const id of skills.slice(0, -1)) it.done(id, outputs);
    expect(it.send('complete', { skill: last, outputs })).toContain(REFUSED);
    expect(it.done(last, { a: '', b: '', c: '' }).status).toBe('completed');
  });

  it('of the same skill count once, however often it is reported', () => {
    const it = new Driven([
      phase(
        'p',
        skills.slice(1).map((id) => skill(id, { returns, guarantees: [{ id: 'g', deliverable: 'a' }] })),
      ),
    ]);
    for (const id of skills.slice(1)) {
      it.done(id, outputs).see(() => false);
      it.done(id, outputs).see(() => true);
    }
    expect(it.status).toBe('completed');
  });

  it('of a task that cannot be kept are a failure of its skill, in words', () => {
    const one = driven([
      phase(
        'p',
        skills.map((id) => by(id, { agent: 'claude', writes: 'none', returns })),
      ),
    ]);
    for (const _ of skills) end(one, 0, done(outputs));
    const last = one.skill(skills.at(-1) ?? '');
    expect(last).toMatchObject({ state: 'failed', why: expect.stringContaining(REFUSED) });
    expect(last).not.toHaveProperty('outputs');
  });
});
