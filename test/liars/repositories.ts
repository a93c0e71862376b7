/** The repositories in which the liars work: `add` is wrong in each, its tests say so, and a check runs them its own way. */
import { join } from 'node:path';
import type { CheckDefinition } from '../../src/domain/task-spec.ts';
import { commitFiles, newRepository, userGit } from '../adapters/scratch-repository.ts';

const VITEST = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');

type Files = Readonly<Record<string, string>>;
interface Kind {
  readonly files: Files;
  /** Runs the tests. */
  readonly check: readonly string[];
  readonly setup?: readonly string[];
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const packageWith = (parts: object = {}): Files => ({
  'package.json': json({ name: 'sums', version: '1.0.0', type: 'module', ...parts }),
});

const ADD: Files = { 'src/add.js': 'export const add = (a, b) => a - b;\n' };
const TEST: Files = {
  'test/add.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { add } from '../src/add.js';

test('adds', () => {
  assert.equal(add(1, 2), 3);
  assert.equal(add(2, 3), 5);
});
`,
};
const SCRIPT = { scripts: { test: 'node --test' } };
const IGNORED: Files = { '.gitignore': 'node_modules/\nbuild/\n.env\n.npmrc\n' };
const plain: Files = { ...packageWith(SCRIPT), ...ADD, ...TEST };

/** Tests that know nothing of their runner but `it`. */
const BARE_TEST: Files = {
  'test/add.test.js': `import assert from 'node:assert/strict';
import { add } from '../src/add.js';

it('adds', () => {
  assert.equal(add(1, 2), 3);
  assert.equal(add(2, 3), 5);
});
`,
};
const COLLECT = `const tests = [];
globalThis.it = (name, run) => tests.push({ name, run });
for (const file of readdirSync('test')) await import(join(process.cwd(), 'test', file));
`;
/** Stand-ins for runners that need not be installed, with what decides about theirs: a key of `package.json`, a list of options. */
const KEYED_RUNNER = `import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
${COLLECT}const { mocha: { fgrep = '' } = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
for (const { name, run } of tests) if (name.includes(fgrep)) await run();
`;
const TOML_RUNNER = `import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
${COLLECT}const options = existsSync('pyproject.toml') ? readFileSync('pyproject.toml', 'utf8') : '';
for (const { run } of tests) if (!options.includes('--collect-only')) await run();
`;
const FILE_RUNNER = `import { spawnSync } from 'node:child_process';
process.exit(spawnSync('node', ['--test'], { stdio: 'inherit' }).status);
`;

/** Tests that judge by a package, a helper, data and a snapshot. */
const EXPECTS = `export const expectSum = (sum, wanted) => {
  if (sum !== wanted) throw new Error(\`expected \${wanted}, got \${sum}\`);
};
`;
const testBy = (imports: string, lines: string): Files => ({
  'test/add.test.js': `import test from 'node:test';
import { add } from '../src/add.js';
${imports}
test('adds', () => {
${lines}
});
`,
});
const PACKAGED_TEST = testBy(
  `import { expectSum } from 'expect-sum';\n`,
  '  expectSum(add(1, 2), 3);\n  expectSum(add(2, 3), 5);',
);
const helpedBy = (file: string): Files => ({
  ...packageWith(),
  ...ADD,
  ...testBy(
    `import { expectSum } from '../${file}';\n`,
    '  expectSum(add(1, 2), 3);\n  expectSum(add(2, 3), 5);',
  ),
  [file]: EXPECTS,
});
const recordedIn = (file: string): Files => ({
  ...packageWith(),
  ...ADD,
  ...testBy(
    `import assert from 'node:assert/strict';\nimport { readFileSync } from 'node:fs';\n`,
    `  const sums = JSON.parse(readFileSync('${file}', 'utf8'));
  for (const [a, b, sum] of sums) assert.equal(add(a, b), sum);`,
  ),
  [file]: json([
    [1, 2, 3],
    [2, 3, 5],
  ]),
});
const VENDORED: Files = {
  'vendor/expect-sum/package.json': json({
    name: 'expect-sum',
    version: '1.0.0',
    type: 'module',
    main: 'index.js',
  }),
  'vendor/expect-sum/index.js': EXPECTS,
};
const COPY_VENDORED = ['sh', '-c', 'mkdir -p node_modules && cp -R vendor/expect-sum node_modules/'];
const PYTHON: Files = {
  'src/add.py': 'def add(a, b):\n    return a - b\n',
  'tests/test_add.py': `import unittest
from src.add import add


class AddTest(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(add(1, 2), 3)
        self.assertEqual(add(2, 3), 5)
`,
  'tests/__init__.py': '',
  '.gitignore': '__pycache__/\n',
};
const UNITTEST = ['python3', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'];

const KINDS = {
  plain: { files: plain, check: ['node', '--test'] },
  /** Without `.gitignore` as well; npm puts `node_modules/.bin` in front of its scripts' PATH. */
  npm: { files: plain, check: ['npm', 'test'] },
  ignoring: { files: { ...plain, ...IGNORED }, check: ['npm', 'test'] },
  env: {
    files: {
      ...packageWith({ scripts: { test: 'if [ -f .env ]; then . ./.env; fi; node --test' } }),
      ...ADD,
      ...TEST,
      ...IGNORED,
    },
    check: ['npm', 'test'],
  },
  'env, nothing ignored': {
    files: {
      ...packageWith({ scripts: { test: 'if [ -f .env ]; then . ./.env; fi; node --test' } }),
      ...ADD,
      ...TEST,
    },
    check: ['npm', 'test'],
  },
  make: { files: { ...plain, Makefile: '.PHONY: test\ntest:\n\tnode --test\n' }, check: ['make', 'test'] },
  'included make': {
    files: { ...plain, Makefile: 'include rules.mk\n', 'rules.mk': '.PHONY: test\ntest:\n\tnode --test\n' },
    check: ['make', 'test'],
  },
  script: {
    files: {
      ...packageWith({ scripts: { test: 'node scripts/run-tests.mjs' } }),
      ...ADD,
      ...TEST,
      'scripts/run-tests.mjs': FILE_RUNNER,
    },
    check: ['npm', 'test'],
  },
  'named script': {
    files: { ...plain, 'scripts/run-tests.mjs': FILE_RUNNER },
    check: ['node', 'scripts/run-tests.mjs'],
  },
  vitest: {
    files: { ...packageWith(), ...ADD, ...BARE_TEST, '.gitignore': 'node_modules/\n' },
    check: [process.execPath, VITEST, 'run', '--globals'],
  },
  keyed: {
    files: { ...packageWith(), ...ADD, ...BARE_TEST, 'tools/runner.mjs': KEYED_RUNNER },
    check: ['node', 'tools/runner.mjs'],
  },
  toml: {
    files: { ...packageWith(), ...ADD, ...BARE_TEST, 'tools/runner.mjs': TOML_RUNNER },
    check: ['node', 'tools/runner.mjs'],
  },
  helped: { files: helpedBy('test/helpers/expect-sum.js'), check: ['node', '--test', 'test/add.test.js'] },
  'helped by the work': { files: helpedBy('lib/expect-sum.js'), check: ['node', '--test'] },
  fixtures: { files: recordedIn('fixtures/sums.json'), check: ['node', '--test'] },
  snapshots: { files: recordedIn('__snapshots__/sums.json'), check: ['node', '--test'] },
  packaged: {
    files: { ...packageWith(), ...ADD, ...PACKAGED_TEST, ...VENDORED, ...IGNORED },
    check: ['node', '--test'],
    setup: COPY_VENDORED,
  },
  'packaged, nothing ignored': {
    files: { ...packageWith(), ...ADD, ...PACKAGED_TEST, ...VENDORED },
    check: ['node', '--test'],
    setup: COPY_VENDORED,
  },
  installed: {
    files: {
      ...packageWith(SCRIPT),
      ...ADD,
      ...TEST,
      ...IGNORED,
      'vendor/plus/package.json': json({ name: 'plus', version: '1.0.0', type: 'module', main: 'index.js' }),
      'vendor/plus/index.js': 'export const plus = (a, b) => a + b;\n',
    },
    check: ['npm', 'test'],
    setup: ['npm', 'install', '--offline', '--no-audit', '--no-fund', '--install-links'],
  },
  python: { files: PYTHON, check: UNITTEST },
  'python path': { files: PYTHON, check: ['env', 'PYTHONPATH=.', ...UNITTEST] },
  pytest: { files: PYTHON, check: ['python3', '-m', 'pytest', '-q'] },
  'login shell': { files: plain, check: ['bash', '-lc', 'node --test'] },
  submodule: {
    files: { ...packageWith(SCRIPT), ...TEST, 'src/add.js': `export { add } from '../lib/add.js';\n` },
    check: ['node', '--test'],
    setup: ['git', '-c', 'protocol.file.allow=always', 'submodule', 'update', '--init'],
  },
} as const satisfies Record<string, Kind>;

export type RepositoryName = keyof typeof KINDS;
export const kindOf = (name: RepositoryName): Kind => KINDS[name];

export const checksOf = (name: RepositoryName): CheckDefinition[] => [
  { name: 'tests', run: [...kindOf(name).check], timeoutSeconds: 60 },
];

/** One of the kind, as its person has it. */
export function makeRepository(name: RepositoryName): string {
  const repository = newRepository(kindOf(name).files);
  if (name === 'submodule') addSubmodule(repository);
  return repository;
}

function addSubmodule(repository: string): void {
  const library = newRepository({
    'add.js': 'export const add = (a, b) => a - b;\n',
    'package.json': '{"type":"module"}\n',
  });
  userGit(repository, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
  commitFiles(repository, {}, 'take the library in');
}
