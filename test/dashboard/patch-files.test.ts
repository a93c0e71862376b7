import { describe, expect, it } from 'vitest';
import { patchFiles } from '../../src/dashboard/diff/patch-files.ts';

const file = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
const ONE = file(
  'diff --git a/a.txt b/a.txt',
  'index de98044..64c5380 100644',
  '--- a/a.txt',
  '+++ b/a.txt',
  '@@ -1,3 +1,3 @@ function place() {',
  ' a',
  '-b',
  '-c',
  '+B c',
  '+c',
  '\\ No newline at end of file',
);

/** Each as git 2.x writes it with `--patch --full-index --binary`, ids shortened. */
const FILES: readonly (readonly [what: string, patch: string, expected: object])[] = [
  [
    'a change',
    ONE,
    { path: 'a.txt', is: 'changed', modes: [], insertions: 2, deletions: 2, binary: false, crlf: false },
  ],
  [
    'an added file whose name has a quote and a blank',
    file(
      'diff --git "a/a b/x\\"y.txt" "b/a b/x\\"y.txt"',
      'new file mode 100644',
      'index 0000000..ea0c8a8',
      '--- /dev/null',
      '+++ "b/a b/x\\"y.txt"\t',
      '@@ -0,0 +1 @@',
      '+q',
    ),
    { path: 'a b/x"y.txt', is: 'added', insertions: 1, deletions: 0 },
  ],
  [
    'an empty file',
    file('diff --git a/empty b/empty', 'new file mode 100644', 'index 0000000..e69de29'),
    { path: 'empty', is: 'added', insertions: 0, hunks: [] },
  ],
  [
    'a removed program',
    file(
      'diff --git a/gone.sh b/gone.sh',
      'deleted file mode 100755',
      'index 286c5f5..0000000',
      '--- a/gone.sh',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-gone',
    ),
    { path: 'gone.sh', is: 'removed', modes: ['program'], deletions: 1 },
  ],
  [
    'a link',
    file(
      'diff --git a/link b/link',
      'new file mode 120000',
      'index 0000000..3594e94',
      '--- /dev/null',
      '+++ b/link',
      '@@ -0,0 +1 @@',
      '+/etc/passwd',
      '\\ No newline at end of file',
    ),
    { path: 'link', is: 'added', modes: ['link'] },
  ],
  [
    'a link that leads elsewhere now',
    file(
      'diff --git a/link b/link',
      'index 3594e94..3594e95 120000',
      '--- a/link',
      '+++ b/link',
      '@@ -1 +1 @@',
      '-here',
      '+there',
    ),
    { path: 'link', is: 'changed', modes: ['link'] },
  ],
  [
    'a new mode alone',
    file('diff --git a/run.sh b/run.sh', 'old mode 100644', 'new mode 100755'),
    { path: 'run.sh', is: 'changed', modes: ['file → program'], hunks: [] },
  ],
  [
    'another name, in UTF-8',
    file(
      'diff --git a/old.txt "b/new n\\303\\244me.txt"',
      'similarity index 100%',
      'rename from old.txt',
      'rename to "new n\\303\\244me.txt"',
    ),
    { path: 'new näme.txt', from: 'old.txt', is: 'renamed' },
  ],
  [
    'what is no text',
    file(
      'diff --git a/bin.dat b/bin.dat',
      'index 8352675..1592e5c 100644',
      'GIT binary patch',
      'literal 3',
      'KcmZQzWCj2L2ml2D',
      '',
      'literal 4',
      'KcmZQzWC8#H2LJ>B',
      '',
    ),
    { path: 'bin.dat', is: 'changed', binary: true, bytes: 3, insertions: 0 },
  ],
  [
    'lines that look like headers',
    file(
      'diff --git a/q.sql b/q.sql',
      'index 4f3a660..c11e280 100644',
      '--- a/q.sql',
      '+++ b/q.sql',
      '@@ -1,3 +1,3 @@',
      ' diff --git a/x b/x',
      '--- two',
      '+++ three',
      ' GIT binary patch',
    ),
    { path: 'q.sql', binary: false, insertions: 1, deletions: 1 },
  ],
];

describe('a file of a patch', () => {
  it.each(FILES)('%s', (_, patch, expected) => {
    const files = patchFiles(patch);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject(expected);
  });

  it('all of them after one another are as many', () => {
    const all = patchFiles(FILES.map(([, patch]) => patch).join(''));
    expect(all.map(({ path }) => path)).toEqual(
      FILES.map(([, , expected]) => (expected as { path: string }).path),
    );
  });

  it('has the place that git names, and where each part begins', () => {
    expect(patchFiles(ONE)[0]?.hunks).toMatchObject([
      { oldStart: 1, newStart: 1, place: 'function place() {' },
    ]);
  });

  it('with line ends of Windows has them once, not in each line', () => {
    const windows = file(...ONE.split('\n').slice(0, 4), '@@ -1 +1 @@', '-b\r', '+c\r');
    expect(patchFiles(windows)[0]).toMatchObject({ crlf: true, hunks: [{ lines: ['-b', '+c'] }] });
    const mixed = file(...ONE.split('\n').slice(0, 4), '@@ -1 +1 @@', '-b', '+c\r');
    expect(patchFiles(mixed)[0]).toMatchObject({ crlf: false, hunks: [{ lines: ['-b', '+c\r'] }] });
  });

  it('that cannot be read is shown as it is, and the others are read', () => {
    const broken = 'diff --git a/b.txt b/b.txt\n--- a/b.txt\n+++ b/b.txt\n@@ -1,9 +1,9 @@\n-b\n';
    const [one, two] = patchFiles(broken + ONE);
    expect(one).toMatchObject({ path: 'b.txt', raw: broken, hunks: [] });
    expect(two).toMatchObject({ path: 'a.txt', insertions: 2 });
  });

  it('of no patch there is none', () => {
    expect(patchFiles('')).toEqual([]);
  });
});
