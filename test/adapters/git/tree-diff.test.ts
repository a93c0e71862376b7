/** What trees hold, and what differs between two, is what git says of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesIn } from '../../../src/adapters/git/path-bytes.ts';
import { rawChanges } from '../../../src/adapters/git/raw-changes.ts';
import { git, gitLine } from '../../../src/adapters/git/run-git.ts';
import { diffTrees } from '../../../src/adapters/git/tree-diff.ts';
import { entriesOf } from '../../../src/adapters/git/tree-entries.ts';
import { newRepository } from '../scratch-repository.ts';

const place = { cwd: newRepository() };

/** Names that are alike, so that files stand in the place of folders, and some that sort in their own way. */
const Name = fc.constantFrom('a', 'a.b', 'a0', 'ä', 'b c', '\u{1F600}');
const Path = fc.array(Name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const Mode = fc.constantFrom('100644', '100755', '120000', '160000');
const Files = fc.array(fc.tuple(Path, Mode, fc.constantFrom('one', 'two')), { maxLength: 12 });

async function treeOf(files: readonly (readonly [string, string, string])[]): Promise<string> {
  const index = { ...place, env: { GIT_INDEX_FILE: `.git/index-${files.length}` } };
  await git(index, ['read-tree', '--empty']);
  for (const [path, mode, text] of files) {
    const oid =
      mode === '160000'
        ? text.charCodeAt(0).toString(16).padStart(40, '0')
        : await gitLine(place, ['hash-object', '-w', '--stdin'], { input: text });
    // A file takes the place of a folder of its name.
    await git(index, ['update-index', '--add', '--replace', '--cacheinfo', `${mode},${oid},${path}`]);
  }
  return gitLine(index, ['write-tree']);
}

it('all files of a tree are those that git lists', async () => {
  await fc.assert(
    fc.asyncProperty(Files, async (files) => {
      const tree = await treeOf(files);
      const listed = linesIn((await git(place, ['ls-tree', '-r', '-z', '--full-tree', tree])).stdout);
      const found = await entriesOf(place, tree);
      expect([...found].map(([path, entry]) => `${entry}\t${path}`).sort()).toEqual(
        listed.map((line) => line.replace(/ (?:blob|commit)(?= )/, '')).sort(),
      );
    }),
    { numRuns: 25 },
  );
});

describe('the difference of two trees', () => {
  it('is that of git', async () => {
    await fc.assert(
      fc.asyncProperty(Files, Files, async (before, after) => {
        const [from, to] = [await treeOf(before), await treeOf(after)];
        const args = ['diff-tree', '-r', '--raw', '--no-renames', '--no-abbrev', '-z', from, to];
        const { stdout } = await git(place, args);
        expect(await diffTrees(place, from, to)).toEqual(
          [...rawChanges(linesIn(stdout))].sort((one, other) => (one.path < other.path ? -1 : 1)),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('of something that is not there is an error', async () => {
    await expect(diffTrees(place, 'HEAD', '1'.repeat(40))).rejects.toThrow(/Not a valid object name/i);
  });
});
