/** What makes set-up run once more, and what does not. */
import { describe, expect, it } from 'vitest';
import { matching } from '../../src/adapters/files/globs.ts';
import { isBuilt, setupDigest } from '../../src/domain/set-up-inputs.ts';

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

  it('differs with a file that a shell is told of', () => {
    const command = ['sh', '-c', 'cd . && sh scripts/install.sh; true'];
    expect(digest({ ...BASE, 'scripts/install.sh': '100755 x' }, command)).not.toBe(digest(BASE, command));
  });

  it('is the same in any order of the files', () => {
    expect(digest(Object.fromEntries(Object.entries(BASE).reverse()))).toBe(digest(BASE));
  });
});

describe('set-up has built something of the sources', () => {
  it.each([
    [false, 'npm ci', ['node_modules/a/index.js', 'packages/x/node_modules/.bin/tsc']],
    [false, 'npm install', ['node_modules/a/index.js', 'package-lock.json']],
    [false, 'python3 -m venv .venv', ['.venv/bin/python']],
    [false, '.venv/bin/pip install -r requirements.txt', ['.venv/lib/python3/site-packages/a.py']],
    [false, '.venv/bin/pip install -e .', ['.venv/lib/python3/site-packages/a.pth']],
    [false, 'true', []],
    [true, '.venv/bin/pip install .', ['.venv/lib/python3/site-packages/own.py']],
    [true, '.venv/bin/pip install -q ./lib[dev] wheel', ['.venv/lib/python3/site-packages/own.py']],
    [true, 'npm run setup', ['node_modules/a/index.js', 'dist/index.js']],
    [true, 'sh build.sh', ['build/a.js']],
    [true, 'sh gen.sh', ['src/generated.ts']],
  ])('%s: %s leaves %j', (built, command, left) => {
    expect(isBuilt(command.split(' '), left, matching)).toBe(built);
  });
});
