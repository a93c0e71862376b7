/** Guarantees against what was seen: each kind, held and not, with words of what was expected and found. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GitFacts,
  type GuaranteeFacts,
  TOO_SLOW,
} from '../../../src/domain/executions/guarantee-facts.ts';
import { problemsWith } from '../../../src/domain/executions/judge-guarantee.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { type Guarantee, WrittenGuarantees } from '../../../src/domain/loops/guarantees.ts';
import type { Evidence } from '../../../src/domain/task-state.ts';

const CLEAN: GitFacts = {
  branch: 'main',
  uncommitted: [],
  untracked: [],
  knowsRemote: true,
  unpushed: 0,
  tracking: [{ ref: 'origin/main', hasCommit: true }],
};

const FACTS: GuaranteeFacts = {
  baseCommit: 'abcdef0123',
  matched: new Map(),
  reported: new Map(),
  changes: new Map(),
  contents: new Map(),
  runs: new Map(),
  git: CLEAN,
};

/** As a loop has it. */
function guarantee(written: Readonly<Record<string, unknown>>): Guarantee {
  const [one] = WrittenGuarantees.parse([{ id: 'g', ...written }]);
  if (one === undefined) throw new TypeError('no guarantee');
  return one;
}

const judge = (written: Readonly<Record<string, unknown>>, facts: Partial<GuaranteeFacts> = {}) =>
  problemsWith(guarantee(written), { ...FACTS, ...facts });

const evidence = (more: Partial<Evidence>): Evidence => ({
  name: 'g',
  command: ['measure'],
  commit: 'c',
  exitCode: 0,
  passed: true,
  durationMs: 2_000,
  output: 'sha256:0',
  tail: '',
  ...more,
});
const printed = (tail: string) => new Map([['g', { passes: [evidence({ tail })] }]]);
const ended = (...passes: Partial<Evidence>[]) =>
  new Map([['g', { passes: passes.map((one) => evidence({ passed: one.exitCode === 0, ...one })) }]]);

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

describe('a measure', () => {
  const written = { quality: 'coverage', run: 'measure', is: '>= 80' };
  const expected = 'expected coverage >= 80, found';

  it.each([
    ['80', []],
    ['lines\n\n  All files: 85.5%\n', []],
    ['\u001b[32m81\u001b[0m\n', []],
    ['+1e2', [`${expected} no number in the last line of its output, "+1e2" of \`measure\``]],
    ['79.99', [`${expected} 79.99`]],
    ['-85', [`${expected} -85`]],
    ['85\nDone.', [`${expected} no number in the last line of its output, "Done." of \`measure\``]],
    ['85 of 90', [`${expected} 2 numbers in the last line of its output, "85 of 90" of \`measure\``]],
    ['', [`${expected} no output of \`measure\``]],
    ['v2.3.4', [`${expected} no number in the last line of its output, "v2.3.4" of \`measure\``]],
    ['9'.repeat(1_400), [`${expected} a last line of more than 1000 characters of \`measure\``]],
  ])('%j', (tail, problems) => {
    expect(judge(written, { runs: printed(tail) })).toEqual(problems);
  });

  it('is none where the command failed, did not end, or nothing ran', () => {
    expect(judge(written, { runs: ended({ exitCode: 3, tail: '90\nno disk' }) })).toEqual([
      `${expected} exit status 3: no disk`,
    ]);
    expect(judge(written, { runs: ended({ exitCode: null, tail: '90' }) })).toEqual([
      `${expected} that it did not end by itself within 2 s: 90`,
    ]);
    expect(judge(written, { runs: new Map([['g', { problem: 'set-up failed' }]]) })).toEqual([
      `${expected} that nothing could run: set-up failed`,
    ]);
    expect(judge(written)).toEqual([`${expected} that nothing has run`]);
  });

  it('is what is printed, whatever stands before it', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -1e6, max: 1e6 }), (before, number) => {
        const holds = judge(written, { runs: printed(`${before}\n${number}\n`) }).length === 0;
        expect(holds).toBe(number >= 80);
      }),
    );
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

  it.each([
    ['test_passed', [{ exitCode: 0 }], []],
    [
      'test_passed',
      [{ exitCode: 1, tail: 'x\n1 failed\n' }],
      ['expected `t` to pass, found exit status 1: 1 failed'],
    ],
    [
      'test_passed',
      [{ exitCode: 0 }, { exitCode: 1, restored: ['t.js', 'no u.js'] }],
      ['expected `t` to pass, found exit status 1, with t.js and 1 more as in the base commit'],
    ],
    ['command_executed', [{ exitCode: 1 }], []],
    ['command_executed', [{ exitCode: 127 }], ['expected `t` to run to its end, found exit status 127']],
    [
      'command_executed',
      [{ exitCode: null }],
      ['expected `t` to run to its end, found that it did not end by itself within 2 s'],
    ],
  ])('%s of %o', (proof, passes, problems) => {
    expect(judge({ proof, run: 't' }, { runs: ended(...passes) })).toEqual(problems);
  });

  it('of a person are no engine’s to give', () => {
    expect(judge({ proof: 'human_verified' })).toEqual([
      'expected the word of a person: somebody who may approve resolves g',
    ]);
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
