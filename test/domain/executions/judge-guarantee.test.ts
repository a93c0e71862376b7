/** Guarantees against what was seen: each kind, held and not, with words of what was expected and found. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOO_SLOW } from '../../../src/domain/executions/guarantee-facts.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { CLEAN, judge } from './judging.ts';

describe('deliverables', () => {
  const matched = new Map([['src/**', ['src/a.ts', 'src/b.ts']]]);
  const changes = new Map([['src/a.ts', 'added'] as const]);

  it.each([
    [{ deliverable: 'src/**' }, []],
    [{ deliverable: 'src/**', at_least: 2, at_most: 2 }, []],
    [{ deliverable: 'src/**', changed: true }, []],
    [
      { deliverable: 'src/**', changed: true, at_least: 2 },
      ['expected at least 2 files added or changed in src/**, found 1: src/a.ts'],
    ],
    [
      { deliverable: 'src/**', at_most: 1 },
      ['expected exactly 1 files in src/**, found 2: src/a.ts, src/b.ts'],
    ],
    [{ deliverable: 'docs/**' }, ['expected at least 1 file in docs/**, found none']],
  ])('%j', (written, problems) => {
    expect(judge(written, { matched, changes })).toEqual(problems);
  });

  it('says where files are there and as before', () => {
    const written = { deliverable: 'src/**', changed: true };
    expect(judge(written, { matched })).toEqual([
      'expected at least 1 file added or changed in src/**, found none (2 there are as in abcdef0)',
    ]);
  });

  it('says that a glob takes too long', () => {
    const slow = new Map([['src/**', TOO_SLOW] as const]);
    expect(judge({ deliverable: 'src/**' }, { matched: slow })).toEqual([
      'expected a glob that is matched at once, found that src/** takes too long: write a simpler one',
    ]);
  });

  it('holds exactly where the count is within its bounds', () => {
    const counts = fc.record({ there: fc.nat(30), changed: fc.nat(30), least: fc.nat(20), most: fc.nat(20) });
    fc.assert(
      fc.property(counts, fc.boolean(), ({ there, changed, least, most }, isChanged) => {
        const paths = Array.from({ length: there }, (_, at) => `src/${at}`);
        const touched = new Map(paths.slice(0, changed).map((path) => [path, 'modified'] as const));
        const written = { deliverable: 'src/**', changed: isChanged, at_least: least, at_most: most };
        const count = isChanged ? Math.min(changed, there) : there;
        const problems = judge(written, { matched: new Map([['src/**', paths]]), changes: touched });
        expect(problems.length === 0).toBe(count >= least && count <= most);
      }),
    );
  });
});

describe('content', () => {
  const matched = new Map([['*.md', ['a.md']]]);
  const facts = (file: object) => ({
    matched,
    contents: new Map([['g', [{ path: 'a.md', ...file } as never]]]),
  });
  const written = { content: '*.md', pattern: '^x', sections: ['Risks'], lines: { at_least: 2, at_most: 3 } };

  it.each([
    [{ lines: 2, headings: ['risks '], matches: true }, []],
    [{ lines: 1, headings: ['Risks'], matches: true }, ['a.md: expected at least 2 lines, found 1']],
    [{ lines: 4, headings: ['Risks'], matches: true }, ['a.md: expected at most 3 lines, found 4']],
    [
      { lines: 2, headings: ['Plan'], matches: true },
      ['a.md: expected the sections Risks, found the headings Plan'],
    ],
    [{ lines: 2, headings: ['Risks'], matches: false }, ['a.md: expected a match of /^x/, found none']],
    [
      { lines: 2, headings: ['Risks'], matches: TOO_SLOW },
      ['a.md: expected a match of /^x/, found that looking for one takes too long: write a simpler pattern'],
    ],
    [{ unread: 'is too large' }, ['a.md: is too large']],
  ])('%j', (file, problems) => {
    expect(judge(written, facts(file))).toEqual(problems);
  });

  it('is not there without a file, and not where one was not looked at', () => {
    expect(judge(written)).toEqual(['expected a file *.md, found none']);
    expect(judge(written, { matched })).toEqual(['a.md: was not looked at']);
  });
});

describe('proofs', () => {
  const matched = new Map([['a', ['a']]]);
  const changed = (to: 'added' | 'modified') => ({ matched, changes: new Map([['a', to] as const]) });

  it.each([
    ['file_created', changed('added'), []],
    ['file_modified', changed('modified'), []],
    ['file_created', changed('modified'), ['expected a new file a, found a, which is changed, and not new']],
    ['file_modified', changed('added'), ['expected a changed file a, found a, which is new']],
    ['file_created', { matched }, ['expected a new file a, found a as in abcdef0']],
    ['file_modified', {}, ['expected a changed file a, found no such file']],
    ['artifact_generated', { matched }, []],
    ['artifact_generated', { reported: matched }, []],
  ])('%s of %o', (proof, facts, problems) => {
    expect(judge({ proof, path: 'a' }, facts)).toEqual(problems);
  });
});

describe('states of git', () => {
  it.each([
    ['no_uncommitted', { uncommitted: ['a'] }, 'expected no change that is not committed, found a'],
    ['no_uncommitted', { untracked: ['a'] }, undefined],
    ['worktree_clean', { untracked: ['a'] }, 'expected nothing that is not committed or ignored, found a'],
    ['no_unpushed', { unpushed: 2 }, 'found 2 commits that none is known to have: push'],
    ['no_unpushed', { knowsRemote: false }, 'found no branch of a remote: add one and push'],
    ['branch_pushed', { branch: undefined }, 'found no branch checked out: check one out and push it'],
    ['branch_pushed', { tracking: [] }, 'found no such branch of a remote: push it'],
    [
      'branch_pushed',
      { tracking: [{ ref: 'o/m', hasCommit: false }] },
      'found that o/m does not have it: push',
    ],
    ['branch_pushed', {}, undefined],
  ] as const)('%s of %o', (git, seen, problem) => {
    const [found] = judge({ git }, { git: { ...CLEAN, ...seen } });
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});

it('what is told of one guarantee is bounded', () => {
  const long = fc.string({ minLength: 1, maxLength: 3_000 });
  fc.assert(
    fc.property(fc.uniqueArray(long, { maxLength: 60 }), fc.boolean(), (paths, isThere) => {
      const matched = new Map([['**', paths]]);
      const contents = paths.map((path) => ({ path, lines: 0, headings: paths, matches: false }));
      const facts = { matched, ...(isThere && { contents: new Map([['g', contents]]) }) };
      const problems = judge({ content: '**', sections: ['Ξ'], pattern: 'x', lines: { at_least: 1 } }, facts);
      expect(problems.length).toBeLessThanOrEqual(LIMITS.guaranteeErrorsMax + 1);
      for (const one of problems) expect(one.length).toBeLessThanOrEqual(LIMITS.guaranteeErrorCharsMax);
    }),
    { numRuns: 30 },
  );
});
