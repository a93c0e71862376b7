/** What a run goes by where its base has moved to one with another `pawl.yaml`. */
import { describe, expect, it } from 'vitest';
import { baseConfiguration, movedTo } from '../../src/domain/base-configuration.ts';

const TESTS = { name: 'tests', run: ['npm', 'test'] };
const LINT = { name: 'lint', run: ['npm', 'run', 'lint'] };
const before = { ...baseConfiguration({ checks: [TESTS], protect: ['test/**'] }), dirty: false };
const base = { base: 'main' };
const read = (more: Partial<Parameters<typeof baseConfiguration>[0]>) =>
  ({ kind: 'read', ...baseConfiguration({ checks: [TESTS], protect: ['test/**'], ...more }) }) as const;

describe('where the file of the moved base', () => {
  type Row = readonly [string, Parameters<typeof read>[0], object, string];
  const rows = [
    ['has a check more', { checks: [TESTS, LINT] }, { checks: [TESTS, LINT] }, 'checks'],
    ['has another set-up', { setup: ['make'] }, { setupCommand: ['make'] }, 'setup'],
    ['protects less', { protect: [] }, { protect: [] }, 'protect'],
    ['is strict', { approvals: 'strict' }, { approvals: 'strict' }, 'approvals'],
  ] satisfies readonly Row[];
  it.each<Row>(rows)('%s the run goes by that', (_, more, changed, word) => {
    expect(movedTo(before, read(more), base)).toEqual({
      prepared: { ...before, ...changed },
      note: `pawl.yaml of main has changed: ${word}`,
    });
  });

  it('is strict no more nothing of that is left', () => {
    const { prepared } = movedTo({ ...before, approvals: 'strict' as const }, read({}), base) ?? {};
    expect(prepared).toEqual(before);
  });

  it('says the same in other words, nothing has changed', () => {
    expect(movedTo(before, read({ approvals: 'carry' }), base)).toBeUndefined();
  });

  it('cannot be read the run goes on as before, and says what is wrong', () => {
    const moved = movedTo(before, { kind: 'problem', problem: 'line 1: no' }, base);
    expect(moved?.prepared).toBe(before);
    expect(moved?.note).toMatch(/^pawl.yaml of main has changed and cannot be read.*: line 1: no$/);
  });
});

it('what the spec says counts whatever the base says', () => {
  const moved = read({ checks: [LINT], setup: ['make'] });
  expect(movedTo(before, moved, { ...base, checks: [TESTS] })?.prepared).toMatchObject({
    checks: [TESTS],
    setupCommand: ['make'],
  });
  const own = { ...before, setupCommand: ['true'] };
  expect(movedTo(own, moved, { ...base, checks: [TESTS], setup: ['true'] })).toBeUndefined();
});
