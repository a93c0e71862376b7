/** What a check is made of, replaced by an agent whose work is wrong: passed as it was left, caught as the base has it. */
import { describe, expect, it } from 'vitest';
import { check } from './check-rig.ts';

const WRONG = { 'src/add.js': 'export const add = (a, b) => a * b;\n' };
const RIGHT = { 'src/add.js': 'export const add = (a, b) => a + b;\n' };
const TEST = `import { add } from '../src/add.js';
if (add(1, 2) !== 3) throw new Error('wrong');\n`;
const BASE = {
  'package.json': JSON.stringify({
    name: 'n',
    type: 'module',
    scripts: { test: 'node scripts/run-tests.mjs' },
  }),
  'src/add.js': 'export const add = (a, b) => a - b;\n',
  'test/add.test.js': TEST,
  'scripts/run-tests.mjs': `import { files } from './lib.mjs';\nfor (const file of files) await import(file);\n`,
  'scripts/lib.mjs': `export const files = ['../test/add.test.js'];\n`,
  Makefile: '.PHONY: test\ntest:\n\tnode scripts/run-tests.mjs\n',
  // As a test runner reads what says how it works.
  'ci/runner.mjs': `import { existsSync, readFileSync } from 'node:fs';
const settings = JSON.parse(readFileSync('package.json', 'utf8'));
const python = existsSync('pyproject.toml') ? readFileSync('pyproject.toml', 'utf8') : '';
if (!existsSync('vite.config.js') && settings.mocha === undefined && !python.includes('--collect-only'))
  await import('../test/add.test.js');\n`,
};
const NPM = ['npm', 'test'];
/** The same, started sooner. */
const SCRIPT = [process.execPath, '--run', 'test'];
const RUNNER = ['node', 'ci/runner.mjs'];

const { scripts, ...about } = JSON.parse(BASE['package.json']);
const pkg = (more: object) => ({ 'package.json': JSON.stringify({ ...about, scripts, ...more }) });

describe('wrong work is caught', () => {
  it.each<[string, string[], Readonly<Record<string, string>>, string]>([
    ['a makefile', ['make', 'test'], { Makefile: 'test:\n\t@echo ok\n' }, 'Makefile'],
    [
      'a makefile that is found first',
      ['make', 'test'],
      { GNUmakefile: 'test:\n\t@echo ok\n' },
      'no GNUmakefile',
    ],
    [
      'the script behind npm test',
      NPM,
      { 'scripts/run-tests.mjs': 'process.exit(0);\n' },
      'scripts/run-tests.mjs',
    ],
    [
      'what that script loads',
      SCRIPT,
      { 'scripts/lib.mjs': 'export const files = [];\n' },
      'scripts/lib.mjs',
    ],
    [
      'a script of package.json',
      SCRIPT,
      pkg({ scripts: { test: 'true' } }),
      'the scripts and settings of package.json',
    ],
    [
      'a key of package.json',
      RUNNER,
      pkg({ mocha: { fgrep: 'none' } }),
      'the scripts and settings of package.json',
    ],
    ['a configuration of Vite', RUNNER, { 'vite.config.js': 'test: { include: [] }\n' }, 'no vite.config.js'],
    [
      'an option in pyproject.toml',
      RUNNER,
      { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "--collect-only"\n' },
      'the settings of pyproject.toml',
    ],
    [
      'a program in node_modules',
      SCRIPT,
      { 'node_modules/.bin/node': '#!/bin/sh\nexit 0\n' },
      'no node_modules/.bin/node',
    ],
  ])('with %s', async (_, command, work, restored) => {
    const [asLeft, asInBase, ...more] = await check(BASE, { ...WRONG, ...work }, command);
    expect(more).toEqual([]);
    expect(asLeft).toEqual({ passed: true });
    expect(asInBase).toEqual({ passed: false, restored: [restored] });
  });
});

describe('wrong work is caught where set-up', () => {
  const SHIM =
    "mkdir -p node_modules/.bin; printf '#!/bin/sh\\nexit 0\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node\n";
  const base = { ...BASE, '.gitignore': 'node_modules\n', 'ci/set-up.sh': 'exit 0\n' };

  it('plants a program for the checks', async () => {
    const [asLeft, asInBase] = await check(base, { ...WRONG, 'ci/set-up.sh': SHIM }, SCRIPT, {
      setup: ['sh', 'ci/set-up.sh'],
    });
    expect(asLeft).toEqual({ passed: true });
    expect(asInBase).toEqual({ passed: false, restored: ['ci/set-up.sh'] });
  });
});

describe('right work passes', () => {
  const passes = [{ passed: true }];
  it.each<[string, string[], Readonly<Record<string, string>>]>([
    ['nothing else', SCRIPT, {}],
    [
      'a dependency and its lock file',
      SCRIPT,
      { ...pkg({ dependencies: { a: '1' } }), 'package-lock.json': '{}' },
    ],
    [
      'a new script',
      SCRIPT,
      { ...pkg({ scripts: { ...scripts, build: 'node scripts/build.mjs' } }), 'scripts/build.mjs': '' },
    ],
    [
      'another dependency of Python',
      RUNNER,
      { 'pyproject.toml': '[project]\nname = "n"\ndependencies = ["a", "b"]\n' },
    ],
    ['a source more', ['make', 'test'], { 'src/more.js': '' }],
    [
      'a package more',
      SCRIPT,
      { 'packages/b/package.json': '{"name":"b","jest":{}}', 'packages/b/vite.config.js': '' },
    ],
  ])('with %s', async (_, command, work) => {
    const base = { ...BASE, 'pyproject.toml': '[project]\nname = "n"\ndependencies = ["a"]\n' };
    expect(await check(base, { ...RIGHT, ...work }, command)).toEqual(passes);
  });

  it('with a package more, but for one that is installed in place of what tests load', async () => {
    const base = { ...BASE, ...pkg({ devDependencies: { b: '^1.0.0' } }) };
    const work = { 'packages/b/package.json': '{"name":"b"}', 'packages/c/package.json': '{"name":"c"}' };
    expect(await check(base, { ...RIGHT, ...work }, SCRIPT)).toEqual([
      { passed: true },
      { passed: true, restored: ['no packages/b/package.json'] },
    ]);
  });

  it('with a new test, and with a runner that finds it', async () => {
    const work = {
      'test/more.test.js': TEST,
      'scripts/lib.mjs': `export const files = ['../test/add.test.js', '../test/more.test.js'];\n`,
    };
    expect(await check(BASE, { ...RIGHT, ...work }, SCRIPT)).toEqual([
      { passed: true },
      { passed: true, restored: ['scripts/lib.mjs', 'no test/more.test.js'] },
    ]);
  });

  it('with a makefile of its own where pawl.yaml leaves that to the change', async () => {
    const work = {
      ...RIGHT,
      Makefile: '.PHONY: test more\ntest: more\n\tnode scripts/run-tests.mjs\nmore:\n\t@true\n',
    };
    expect(await check(BASE, work, ['make', 'test'], { protect: ['test/**', '!Makefile'] })).toEqual(passes);
    expect(await check(BASE, work, ['make', 'test'], { protect: [] })).toEqual(passes);
    expect(await check(BASE, work, ['make', 'test'], { protect: ['test/**'] })).toMatchObject([
      {},
      { restored: ['Makefile'] },
    ]);
  });
});
