/** Which lines of a file in conflict are markers that nobody has taken away. Merges by `git merge-file` are the oracle. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InConflict, isLeft, markerLines } from '../../../src/adapters/git/marker-lines.ts';
import { put, scratchFolder } from '../scratch-repository.ts';

const [OURS, THEIRS] = ['a'.repeat(40), 'b'.repeat(40)];
const MARKERS = ['<<<<<<< ours', '=======', '>>>>>>> theirs'];

/** As merges make it; what it is now besides. */
const given = (ours: string, theirs: string, rest = ''): string =>
  `${rest}<<<<<<< ${OURS}\n${ours}=======\n${theirs}>>>>>>> ${THEIRS}\n`;
const left = (now: string, of: Partial<InConflict> = {}): boolean =>
  isLeft({
    ...{ ours: 'mine\n', theirs: 'yours\n', past: 'old\n', given: given('mine\n', 'yours\n') },
    ...{ names: [OURS, THEIRS], sizes: [7], ...of, now },
  });

describe('a marker is left', () => {
  const LABELS = ['', ' HEAD', ' origin/main', ` ${OURS}`, ' AAAA', ' 1234567 (Do: the work)', '\tours'];
  const BEFORE = ['', '  ', '\t\t'];
  it.each(LABELS.flatMap((label) => ['\n', '\r\n'].flatMap((end) => BEFORE.map((by) => [label, end, by]))))(
    'called %j, with the line end %j, indented by %j',
    (label = '', end = '', by = '') => {
      for (const size of [1, 2, 7, 15, 40])
        for (const marker of ['<', '|', '>']) {
          const line = `${by}${marker.repeat(size)}${label}`;
          expect(left(`mine${end}${line}${end}yours${end}`, { sizes: [size], given: '' })).toBe(true);
          expect(left(`mine${end}${line}x`.replace(/\s+x$/, 'x'), { sizes: [size + 50], given: '' })).toBe(
            false,
          );
        }
      expect(left(`mine${end}${by}=======${end}yours${end}`)).toBe(true);
    },
  );

  it('of the size that the engine has given it, whatever attributes say by now', () => {
    const short = given('mine\n', 'yours\n').replaceAll(/([<=>])\1{6}/g, '$1$1$1');
    expect(left('<<< HEAD\n', { given: short, sizes: [20] })).toBe(true);
    expect(left('<< HEAD\n', { given: short, sizes: [20] })).toBe(false);
  });

  it('and none where another size is wanted, in words, or in lines of a table', () => {
    expect(left(MARKERS.join('\n'), { sizes: [32], given: '' })).toBe(false);
    for (const line of ['- <<<<<<< a', '<<<<<<<a', '`=======`', '========', '======', '| |', '||||||||'])
      expect(left(`${line}\n`)).toBe(false);
  });

  it('beside those that a document has', () => {
    const document = `${MARKERS.join('\n')}\n`;
    const sides = { ours: document, theirs: document, past: document, given: given('', '', document) };
    expect(left(document, sides)).toBe(false);
    expect(left(`${document}<<<<<<< ours\n`, sides)).toBe(true);
    expect(left(`${document}=======\n`, sides)).toBe(true);
    expect(left(`${document}>>>>>>> HEAD\n`, sides)).toBe(true);
    // Each side has added the same ones elsewhere.
    expect(left(document + document, { ours: document, theirs: document })).toBe(false);
    expect(left(document + document, { ours: document, theirs: document, past: document })).toBe(true);
  });
});

it('finds none in a file of other lines, however long one is', () => {
  expect(markerLines(`${' '.repeat(2e5)}x\n${'<'.repeat(2e5)}x\n`, [7])).toEqual(new Map());
});

const LINES = ['a', 'b', 'c', ...MARKERS, '<<<<<<< HEAD', '||||||| past', '>>>>>>> HEAD'];
const files = fc.array(fc.constantFrom(...LINES), { maxLength: 6 }).map((lines) => `${lines.join('\n')}\n`);

it('is left in every merge that conflicts, of every style, and in no side of it', { timeout: 60_000 }, () => {
  const folder = scratchFolder('merges');
  const merged = (style: readonly string[], names: readonly string[], sides: readonly string[]) => {
    put(folder, { ours: sides[0] ?? '', past: sides[1] ?? '', theirs: sides[2] ?? '' });
    const labels = names.flatMap((name) => ['-L', name]);
    const args = ['merge-file', '-p', ...style, ...labels, 'ours', 'past', 'theirs'];
    const { stdout, status } = spawnSync('git', args, { cwd: join(folder), encoding: 'utf8' });
    return { text: stdout, conflicts: status ?? 0 };
  };
  const styles = fc.constantFrom<readonly string[]>([], ['--diff3'], ['--zdiff3'], ['--marker-size=9']);
  fc.assert(
    fc.property(files, files, files, styles, (ours, past, theirs, style) => {
      const sides = [ours, past, theirs];
      const { text, conflicts } = merged([], [OURS, 'past', THEIRS], sides);
      if (conflicts === 0) return;
      const of = { ours, past, theirs, given: text };
      for (const solved of [
        ...sides,
        merged(['--ours'], [], sides).text,
        merged(['--theirs'], [], sides).text,
      ])
        expect(left(solved, of)).toBe(false);
      const sizes = style[0] === '--marker-size=9' ? [9] : [7];
      const anew = merged(style, ['made anew', 'in the past', 'by the agent'], sides);
      expect(left(anew.text, { ...of, sizes })).toBe(true);
    }),
    { numRuns: 60 },
  );
});
