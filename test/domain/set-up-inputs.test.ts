/** What makes set-up run once more, and what does not. */
import { describe, expect, it } from 'vitest';
import { matching } from '../../src/adapters/files/globs.ts';
import { setupDigest } from '../../src/domain/set-up-inputs.ts';

const BASE = {
  'src/a.js': '100644 a',
  'package.json': '100644 b',
  'scripts/install.sh': '100755 c',
  'libs/theirs': '160000 d',
};
const digest = (
  files: Readonly<Record<string, string>>,
  command = ['sh', './scripts/install.sh'],
  dir?: string,
) => setupDigest(command, dir, new Map(Object.entries(files)), matching);

describe('what set-up reads', () => {
  it.each([
    ['a manifest', { 'package.json': '100644 x' }],
    ['a lock file that is new, and deep', { 'packages/a/yarn.lock': '100644 x' }],
    ['a script that its command names', { 'scripts/install.sh': '100755 x' }],
    ['a submodule', { 'libs/theirs': '160000 x' }],
  ])('differs with %s', (_, change) => {
    expect(digest({ ...BASE, ...change })).not.toBe(digest(BASE));
  });

  it('does not differ with sources', () => {
    expect(digest({ ...BASE, 'src/a.js': '100644 x', 'src/b.js': '100644 y' })).toBe(digest(BASE));
  });

  it('differs with the command, and with a file that it names from the folder of the task', () => {
    expect(digest(BASE, ['npm', 'ci'])).not.toBe(digest(BASE));
    const files = { ...BASE, 'app/install.sh': '100644 a' };
    const inApp = (object: string) =>
      digest({ ...files, 'app/install.sh': object }, ['sh', 'install.sh'], 'app');
    expect(inApp('100644 x')).not.toBe(inApp('100644 y'));
  });

  it('is the same in any order of the files', () => {
    expect(digest(Object.fromEntries(Object.entries(BASE).reverse()))).toBe(digest(BASE));
  });
});
