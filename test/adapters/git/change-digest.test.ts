/** The same change on another base has the same digest, and any other change another one: by what plain git makes of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeDigest } from '../../../src/adapters/git/change-digest.ts';
import { createComparisons } from '../../../src/adapters/git/diff.ts';
import { commitFiles, newRepository, put, userGit } from '../scratch-repository.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const LINES = Array.from({ length: 30 }, (_, n) => `line ${n}\n`);
const text = (change: Readonly<Record<number, string>> = {}): string =>
  LINES.map((line, n) => change[n] ?? line).join('');
const BASE: Files = {
  'a.txt': text(),
  'gone.txt': 'gone\n',
  'run.sh': 'echo\n',
  'image.png': Buffer.from([0, 1, 2, 3]),
};
const { diff } = createComparisons();

const digestOf = async (repository: string, from: string, to: string): Promise<string> =>
  (await diff({ cwd: repository }, from, to)).change;

/** The digest of a change on the base of all, or on top of another commit. */
async function digest(own: (repository: string) => void, others: Files = {}): Promise<string> {
  const repository = newRepository(BASE);
  if (Object.keys(others).length > 0) commitFiles(repository, others, 'theirs');
  const from = userGit(repository, 'rev-parse', 'HEAD');
  own(repository);
  return digestOf(repository, from, commitFiles(repository, {}, 'mine'));
}

const edit = (files: Files) => (repository: string) => put(repository, files);
const mine = edit({ 'a.txt': text({ 15: 'mine\n' }) });

describe('a change is the same', () => {
  it('where others have changed other files, and other lines of its own', async () => {
    const plain = await digest(mine);
    expect(plain).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digest(mine, { 'theirs.txt': 'theirs\n' })).toBe(plain);
    const above = { 0: 'theirs\nand more\n', 13: '' };
    const both = edit({ 'a.txt': text({ ...above, 15: 'mine\n' }) });
    expect(await digest(both, { 'a.txt': text(above) })).toBe(plain);
  });

  it('where what plain git merges of any two that do not meet is compared with the first', async () => {
    const at = fc.integer({ min: 0, max: 11 });
    const word = fc.constantFrom('x\n', 'y\n', 'x\ny\n', '');
    await fc.assert(
      fc.asyncProperty(at, at, word, word, async (own, others, one, two) => {
        fc.pre(Math.abs(own - others) > 2 && one !== '' && two !== '');
        const repository = newRepository(BASE);
        const base = userGit(repository, 'rev-parse', 'HEAD');
        const change = commitFiles(repository, { 'a.txt': text({ [own * 2]: one }) }, 'mine');
        userGit(repository, 'checkout', '-q', '--detach', base);
        const moved = commitFiles(repository, { 'a.txt': text({ [others * 2]: two }) }, 'theirs');
        userGit(repository, 'merge', '-q', '--no-edit', change);
        const merge = userGit(repository, 'rev-parse', 'HEAD');
        expect(await digestOf(repository, moved, merge)).toBe(await digestOf(repository, base, change));
      }),
      { numRuns: 15 },
    );
  });
});

describe('a change is another one', () => {
  const OTHERS: readonly (readonly [string, (repository: string) => void])[] = [
    ['with another line', edit({ 'a.txt': text({ 15: 'yours\n' }) })],
    ['with a blank more', edit({ 'a.txt': text({ 15: 'mine \n' }) })],
    ['with a line end of another kind', edit({ 'a.txt': text({ 15: 'mine\r\n' }) })],
    ['that replaces another line', edit({ 'a.txt': text({ 16: 'mine\n' }) })],
    ['with one more file', edit({ 'a.txt': text({ 15: 'mine\n' }), 'b.txt': '' })],
    ['of another file', edit({ 'c.txt': text({ 15: 'mine\n' }) })],
    [
      'with a mode',
      (repository) => {
        mine(repository);
        userGit(repository, 'config', 'core.fileMode', 'false');
        userGit(repository, 'update-index', '--chmod=+x', 'run.sh');
      },
    ],
    [
      'without a file',
      (repository) => {
        mine(repository);
        userGit(repository, 'rm', '-q', 'gone.txt');
      },
    ],
    [
      'with bytes that are no text',
      edit({ 'a.txt': text({ 15: 'mine\n' }), 'image.png': Buffer.from([0, 9]) }),
    ],
    ['without the last line end', edit({ 'a.txt': text({ 15: 'mine\n' }).trimEnd() })],
  ];
  it.each(OTHERS)('%s', async (_, other) => {
    expect(await digest(other)).not.toBe(await digest(mine));
  });

  it('where the bytes of what is no text were others before', async () => {
    const replace = edit({ 'image.png': Buffer.from([0, 9]) });
    const before = { 'image.png': Buffer.from([0, 5]) };
    expect(await digest(replace, before)).not.toBe(await digest(replace));
    expect(await digest(replace, { 'b.txt': 'b\n' })).toBe(await digest(replace));
  });
});

it('no line of a file passes for a header', () => {
  const hunk = (line: string) =>
    `diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+${line}\n`;
  const digests = ['y', 'index 3..4 100644', 'GIT binary patch', '@@ -1 +1 @@', 'diff --git a/y b/y'].map(
    (line) => changeDigest(Buffer.from(hunk(line))),
  );
  expect(new Set(digests).size).toBe(digests.length);
});
