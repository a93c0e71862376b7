import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addedLines } from '../../../src/adapters/git/added-lines.ts';
import { put, scratchFolder, userGit } from '../scratch-repository.ts';

/** Lines that look like those of a patch, and others. */
const line = fc.constantFrom(
  'a',
  'b',
  '',
  '+c',
  '-d',
  '+++ b/x',
  '--- a/x',
  '@@ -1 +9 @@',
  'diff --git a/x b/x',
  `index ${'0'.repeat(40)}..${'1'.repeat(40)}`,
  'e\rdiff --git a/x b/x',
  '\\ No newline at end of file',
  'caf\xe9\x85f',
);
const file = fc.tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', '\n'));
const textOf = ([lines, end]: readonly [readonly string[], string]) => lines.join('\n') + end;

it('are those that git says are new, at their places', () => {
  const folder = scratchFolder('lines');
  userGit(folder, 'init', '-q');
  const oidOf = (text: string) => {
    put(folder, { content: Buffer.from(text, 'latin1') });
    return userGit(folder, 'hash-object', '-w', '--no-filters', 'content');
  };
  fc.assert(
    fc.property(file, file, (before, after) => {
      const [from, to] = [oidOf(textOf(before)), oidOf(textOf(after))];
      const patch = execFileSync('git', ['diff', '--full-index', '--text', '--no-color', from, to], {
        cwd: folder,
      });
      const found = addedLines(patch).get(to) ?? { text: '', numbers: [] };
      const lines = textOf(after).split('\n');
      const added = found.text.split('\n').slice(0, -1);
      expect(added).toEqual(found.numbers.map((number) => lines[number - 1]));
      const [[count]] = [
        execFileSync('git', ['diff', '--numstat', '--text', from, to], {
          cwd: folder,
          encoding: 'utf8',
        }).split('\t'),
      ];
      expect(added).toHaveLength(Number(count));
    }),
    { numRuns: 100 },
  );
});

it('are all of a new file, whatever its name, and none of a file whose mode alone has changed', () => {
  const folder = scratchFolder('names');
  userGit(folder, 'init', '-q', '-b', 'main');
  put(folder, { 'mode.sh': 'echo\n', '\u00fc\n"name': 'old\n' });
  userGit(folder, 'add', '.');
  userGit(folder, 'commit', '-q', '-m', 'one');
  execFileSync('chmod', ['+x', join(folder, 'mode.sh')]);
  put(folder, { '\u00fc\n"name': 'old\nmore\n', 'new.txt': 'x\ny\n' });
  userGit(folder, 'add', '.');
  const patch = Buffer.from(userGit(folder, 'diff', '--cached', '--full-index'));
  expect([...addedLines(patch).values()]).toEqual([
    { text: 'x\ny\n', numbers: [1, 2] },
    { text: 'more\n', numbers: [2] },
  ]);
});
