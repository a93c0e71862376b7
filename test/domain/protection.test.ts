/** Which files of a change are as in the base when its checks run again. */
import { describe, expect, it } from 'vitest';
import { matching } from '../../src/adapters/files/globs.ts';
import { PROTECTED, protectOf } from '../../src/domain/protect.ts';
import { judgedBy, needsBase } from '../../src/domain/protection.ts';

interface Case {
  readonly known?: readonly string[];
  readonly added?: readonly string[];
  readonly base?: readonly string[];
  readonly through?: readonly string[];
  readonly protect?: readonly string[];
  readonly folder?: string;
}

function judged({ known = [], added = [], base = [], through = [], protect = PROTECTED, folder = '' }: Case) {
  const change = { known, added, folder };
  const rules = { protect, through: new Set(through), matching };
  return judgedBy(change, rules, needsBase(change, rules) ? [...base, ...known] : []);
}

const BASE = ['src/a.js', 'test/a.test.js', 'web/src/b.js'];

describe('added files go', () => {
  it.each<[string, Case]>([
    ['vite.config.js', {}],
    ['web/vitest.config.ts', {}],
    ['.cargo/config.toml', {}],
    ['.mvn/maven.config', {}],
    ['.env.test', {}],
    ['sitecustomize.py', {}],
    ['web/.config/nextest.toml', {}],
    ['more/__mocks__/lodash.js', {}],
    ['node_modules/.bin/node', {}],
    ['more/venv/lib/site-packages/x.pth', {}],
    ['fake.dist-info/entry_points.txt', {}],
    ['vendor/bin/phpunit', {}],
    ['Api.Tests/Api.Tests.csproj', {}],
    ['node_modules/mocha/index.js', {}],
    ['web/node_modules/chai/index.js', {}],
    ['node_modules/mocha/more.js', { base: ['node_modules/mocha/index.js'] }],
    ['node_modules/.bin/node', { base: ['node_modules/.bin/mocha'] }],
    ['pytest.py', {}],
    ['json/__init__.py', {}],
    ['src/random.py', {}],
    ['unittest.cpython-312-x86_64-linux-gnu.so', {}],
    ['api/pytest.py', { folder: 'api' }],
    ['lib/minitest.rb', {}],
    ['GNUmakefile', { through: ['GNUmakefile', 'Makefile'] }],
    ['api/package.json', { through: ['api/package.json', 'package.json'], base: ['api/a.js'] }],
    ['test/more.test.js', {}],
    ['test-utils/x.js', {}],
  ])('%s', (path, rest) => {
    expect(judged({ ...rest, added: [path], base: [...BASE, ...(rest.base ?? [])] })).toEqual({
      restored: [],
      removed: [path],
      settings: [],
    });
  });
});

describe('added files stay', () => {
  it.each<[string, Case]>([
    ['src/c.js', {}],
    ['.env.example', {}],
    ['src/pkg/json.py', {}],
    ['src/types.ts', {}],
    ['src/task-spec.ts', {}],
    ['scripts/package-lock.json', { through: ['scripts/package-lock.json'] }],
    ['app/random.py', {}],
    ['packages/new/vite.config.js', {}],
    ['packages/new/.mocharc.json', {}],
    ['node_modules/left-pad/index.js', { base: ['node_modules/mocha/index.js'] }],
    ['test/first.test.js', { base: ['src/a.js'] }],
    ['vite.config.js', { protect: ['!vite.config.js'] }],
    ['GNUmakefile', { through: ['GNUmakefile'], protect: ['!*akefile'] }],
    ['vite.config.js', { protect: ['test/**'] }],
    ['test/x.js', { through: ['test/x.js'], protect: ['pawl.yaml'] }],
  ])('%s %j', (path, { base = BASE, protect = PROTECTED, ...rest }) => {
    const change = {
      ...rest,
      added: [path],
      protect: protectOf(protect),
      base: base === BASE ? BASE : [...base, 'src/a.js'],
    };
    expect(judged(change).removed).toEqual([]);
  });
});

describe('changed files', () => {
  it('of tests, settings and what checks run through are restored', () => {
    const files = [
      'test/a.test.js',
      '.c8rc.json',
      'ci/run.mjs',
      'node_modules/a/x.js',
      '__mocks__/a.js',
      'test_helper.rb',
    ];
    expect(judged({ known: [...files, 'src/a.js'], through: ['ci/run.mjs'] })).toMatchObject({
      restored: files,
    });
  });

  it('with dependencies in them have their settings restored', () => {
    const files = ['package.json', 'api/pyproject.toml', 'setup.cfg', 'tsconfig.json', 'Cargo.toml'];
    expect(judged({ known: files, through: ['package.json'] })).toEqual({
      restored: [],
      removed: [],
      settings: files,
    });
    expect(judged({ known: files, protect: ['package.json'] })).toMatchObject({
      restored: ['package.json'],
      settings: files.slice(1),
    });
  });

  it('are the change’s where that is all that they are', () => {
    const files = [
      'src/a.js',
      'package-lock.json',
      'pom.xml',
      'go.mod',
      'README.md',
      'Makefile',
      'next.config.js',
    ];
    expect(judged({ known: files })).toEqual({ restored: [], removed: [], settings: [] });
  });
});

it('a new package of a workspace keeps its settings, a new file beside the base’s does not', () => {
  const added = ['packages/new/package.json', 'web/package.json', 'pyproject.toml'];
  expect(judged({ added, base: BASE }).settings).toEqual(['web/package.json', 'pyproject.toml']);
});
