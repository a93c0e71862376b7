/** Which files the command of a check runs through, by the texts of the base alone. */
import { describe, expect, it } from 'vitest';
import { type Files, through } from './runs-through-rig.ts';

const MAKEFILE = {
  Makefile: 'test: build\n\t@node ci/run.mjs\nbuild:\n\tcc -c src/a.c\ndeploy:\n\t./ci/deploy.sh\n',
};
const RUNNER = {
  'scripts/run.mjs': "import { a } from './lib.mjs';\nimport { add } from '../src/add.js';\n",
};
const BESIDE = { 'scripts/lib.mjs': '', 'src/add.js': '' };
const pkg = (scripts: Files) => ({ 'package.json': JSON.stringify({ scripts }) });

describe('what a command runs through is protected', () => {
  it.each<[string, Files, readonly string[]]>([
    ['node scripts/run.mjs', { ...RUNNER, ...BESIDE }, ['scripts/lib.mjs', 'scripts/run.mjs']],
    ['node --import ./ci/hook.mjs --test', { 'ci/hook.mjs': '' }, ['ci/hook.mjs']],
    ['node scripts/run', { 'scripts/run.js': '' }, ['scripts/run.js']],
    [
      './ci/test.sh',
      { 'ci/test.sh': '#!/bin/sh\nset -e\nnode tools/x.mjs\n', 'tools/x.mjs': '' },
      ['ci/test.sh', 'tools/x.mjs'],
    ],
    ['timeout 60 ./ci/test.sh', { 'ci/test.sh': '' }, ['ci/test.sh']],
    [
      'bash -e x.sh',
      { 'x.sh': 'source "$(dirname "$0")/common.sh"\n', 'common.sh': '' },
      ['common.sh', 'x.sh'],
    ],
    [
      'bash -euo pipefail ci/x.sh',
      { 'ci/x.sh': 'cd "$(dirname "$0")/.."\nmake test\n', ...MAKEFILE, 'ci/run.mjs': '' },
      ['Makefile', 'ci/run.mjs', 'ci/x.sh'],
    ],
    [
      "sh -c 'cd web && node scripts/a.js; python3 tools/b.py'",
      { 'web/scripts/a.js': '', 'tools/b.py': '' },
      ['tools/b.py', 'web/scripts/a.js'],
    ],
    [
      'python -W error tools/t.py',
      {
        'tools/t.py': 'import helper\nfrom . import more\nimport json\n',
        'tools/helper.py': '',
        'tools/more.py': '',
      },
      ['tools/helper.py', 'tools/more.py', 'tools/t.py'],
    ],
    ['python -m tools.check', { 'tools/check.py': '' }, ['tools/check.py']],
    [
      'npm test',
      { ...pkg({ test: 'node scripts/run.mjs' }), ...RUNNER, ...BESIDE },
      ['package.json', 'scripts/lib.mjs', 'scripts/run.mjs'],
    ],
    [
      'npm t',
      {
        ...pkg({ pretest: './ci/prepare.sh', test: 'npm run unit -- --all', unit: 'node ci/u.js' }),
        'ci/prepare.sh': '',
        'ci/u.js': '',
      },
      ['ci/prepare.sh', 'ci/u.js', 'package.json'],
    ],
    [
      'npm --prefix web run check',
      { 'web/package.json': JSON.stringify({ scripts: { check: 'node ci/c.js' } }), 'web/ci/c.js': '' },
      ['web/ci/c.js', 'web/package.json'],
    ],
    [
      'yarn check',
      {
        ...pkg({ check: 'run-s "lint:*"', 'lint:a': 'node ci/a.js', other: 'node ci/o.js' }),
        'ci/a.js': '',
        'ci/o.js': '',
      },
      ['ci/a.js', 'package.json'],
    ],
    [
      'pnpm -r test',
      {
        ...pkg({ test: 'x' }),
        'packages/a/package.json': JSON.stringify({ scripts: { test: 'node ci/t.js' } }),
        'packages/a/ci/t.js': '',
      },
      ['package.json', 'packages/a/ci/t.js', 'packages/a/package.json'],
    ],
    ['npm ci', { ...pkg({ postinstall: 'node ci/p.js' }), 'ci/p.js': '' }, ['ci/p.js', 'package.json']],
    ['node --run test', { ...pkg({ test: 'node ci/u.js' }), 'ci/u.js': '' }, ['ci/u.js', 'package.json']],
    ['bun run ci/x.ts', { 'ci/x.ts': '' }, ['ci/x.ts']],
    [
      'deno task test',
      { 'deno.json': JSON.stringify({ tasks: { test: 'deno run -A ci/x.ts' } }), 'ci/x.ts': '' },
      ['ci/x.ts', 'deno.json'],
    ],
    [
      'npx concurrently "npm:lint" "npm run unit"',
      { ...pkg({ lint: 'node ci/l.js', unit: 'node ci/u.js' }), 'ci/l.js': '', 'ci/u.js': '' },
      ['ci/l.js', 'ci/u.js', 'package.json'],
    ],
    ['npx nyc --check-coverage node ci/u.js', { 'ci/u.js': '' }, ['ci/u.js']],
    ['npx jest --config ci/jest.json', { 'ci/jest.json': '{}' }, ['ci/jest.json']],
    ['npx tsc -p ci', { 'ci/tsconfig.json': '{}' }, ['ci/tsconfig.json']],
    ['make test', { ...MAKEFILE, 'ci/run.mjs': '', 'ci/deploy.sh': '' }, ['Makefile', 'ci/run.mjs']],
    [
      'make -j 4 -C sub check',
      { 'sub/Makefile': 'include rules.mk\n', 'sub/rules.mk': 'check:\n\tpython t.py\n', 'sub/t.py': '' },
      ['sub/Makefile', 'sub/rules.mk', 'sub/t.py'],
    ],
    ['make -f ci/Make.ci all', { 'ci/Make.ci': 'all:\n\t./x.sh\n', 'x.sh': '' }, ['ci/Make.ci', 'x.sh']],
    ['just test', { justfile: 'test: build\n    node ci/u.js\n', 'ci/u.js': '' }, ['ci/u.js', 'justfile']],
    [
      'task test',
      { 'Taskfile.yml': 'tasks:\n  test:\n    cmds:\n      - node ci/u.js\n', 'ci/u.js': '' },
      ['Taskfile.yml', 'ci/u.js'],
    ],
    [
      'rake',
      {
        Rakefile: 'task :default do\n  sh "ruby ci/t.rb"\nend\n',
        'ci/t.rb': "require_relative 'lib'\n",
        'ci/lib.rb': '',
      },
      ['Rakefile', 'ci/lib.rb', 'ci/t.rb'],
    ],
    ['tox', { 'tox.ini': '[testenv]\ncommands = python ci/t.py\n', 'ci/t.py': '' }, ['ci/t.py', 'tox.ini']],
    ['nox', { 'noxfile.py': 'session.run("python", "ci/t.py")\n', 'ci/t.py': '' }, ['ci/t.py', 'noxfile.py']],
    [
      'composer test',
      { 'composer.json': '{"scripts":{"test":["@php ci/t.php","x"]}}', 'ci/t.php': '' },
      ['ci/t.php', 'composer.json'],
    ],
    ['./gradlew test', { gradlew: '#!/bin/sh\n' }, ['gradlew']],
    [
      'node ci/all.mjs',
      {
        'ci/all.mjs': "spawnSync('npm', ['run', 'unit']); execSync('make test');",
        ...pkg({ unit: 'node ci/u.js' }),
        'ci/u.js': '',
        ...MAKEFILE,
        'ci/run.mjs': '',
      },
      ['Makefile', 'ci/all.mjs', 'ci/run.mjs', 'ci/u.js', 'package.json'],
    ],
  ])('%s', async (command, base, expected) => {
    expect((await through(command, base)).protected).toEqual(expected);
  });

  it('from the folder of the task', async () => {
    const base = {
      'api/package.json': JSON.stringify({ scripts: { test: 'node ci/u.js' } }),
      'api/ci/u.js': '',
      'ci/u.js': '',
    };
    expect((await through('npm test', base, { dir: 'api' })).protected).toEqual([
      'api/ci/u.js',
      'api/package.json',
    ]);
  });

  it.each([
    ['make test', MAKEFILE, 'GNUmakefile'],
    ['make test', MAKEFILE, 'makefile'],
    ['npm test', pkg({ test: 'x' }), 'api/package.json'],
    ['just test', { Justfile: 'test:\n' }, 'justfile'],
    ['python tools/t.py', { 'tools/t.py': 'import random\n' }, 'tools/random.py'],
    ['python tools/t.py', { 'tools/t.py': 'import a\n', 'tools/a.py': '' }, 'tools/a/__init__.py'],
  ])('with what would be found first: %s and %j, %s', async (command, base, added) => {
    const dir = added.startsWith('api/') ? 'api' : '';
    expect((await through(command, base, { dir, added: [added] })).protected).toContain(added);
  });
});

it('reads once for each step from a file to the next, and not for ever', async () => {
  const loop = { 'a.sh': './b.sh\n', 'b.sh': './a.sh\n' };
  expect(await through('./a.sh', loop)).toMatchObject({ protected: ['a.sh', 'b.sh'], reads: 2 });
  expect(await through('npm test', pkg({ test: 'node --test' }))).toMatchObject({ reads: 1 });
  const chain = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}.sh`, `./s${at + 1}.sh\n`]));
  expect((await through('./s0.sh', chain)).protected).toHaveLength(5);
});

it('takes a command or a text that nobody could read', async () => {
  for (const text of ["'", '"$(', '\\', '`', '#', '${', '$('.repeat(50), "it's\nfine"])
    expect(await through('sh x.sh', { 'x.sh': text })).toMatchObject({ protected: ['x.sh'] });
});
