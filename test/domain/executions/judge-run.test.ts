/** Commands of guarantees: what they print, how they end, and what is said of that. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ended, judge, printed } from './judging.ts';

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

describe('a proof', () => {
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
