/** Which files the default globs protect and flag. */
import { describe, expect, it } from 'vitest';
import { matching } from '../../../src/adapters/files/globs.ts';
import { FLAGGED, PROTECTED } from '../../../src/domain/protect.ts';

describe('globs of checks and tests', () => {
  const files = [
    'pawl.yaml',
    'a.test.js',
    'src/deep/b.spec.ts',
    'test/helper.js',
    'packages/x/tests/y.py',
    'src/__tests__/z.js',
    'pkg/a_test.go',
    'test_it.py',
    '.eslintrc.json',
    'web/vitest.config.ts',
  ];
  const locks = [
    'package-lock.json',
    'web/yarn.lock',
    'Cargo.lock',
    'go.sum',
    '.github/workflows/ci.yml',
    'package.json',
  ];
  const others = [
    'src/main.ts',
    'README.md',
    'src/contest.js',
    'latest/x.js',
    'pawl.yaml.md',
    'src/testing.ts',
  ];

  it('protect tests and check definitions, and flag lock files and CI as well', () => {
    const all = [...files, ...locks, ...others];
    expect(matching(all, PROTECTED)).toEqual(files);
    expect(matching(all, FLAGGED)).toEqual([...files, ...locks]);
    expect(matching(all, [])).toEqual([]);
  });

  it('take file names as they are', () => {
    const odd = ['-x.test.js', 'a b\n.test.js', '[a].test.js', '.hidden.test.js'];
    expect(matching(odd, PROTECTED)).toEqual(odd);
  });
});
