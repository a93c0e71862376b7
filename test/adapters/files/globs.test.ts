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

  const everywhere = (names: string) => names.split(' ').flatMap((name) => [name, `web/api/${name}`]);

  it.each([
    'vite.config.mts vite.config.test.ts rollup.config.js webpack.config.js webpack.prod.js rspack.config.ts tsup.config.ts',
    'esbuild.config.mjs babel.config.json .babelrc .babelrc.js .swcrc vitest.unit.ts vitest.workspace.ts jest.setup.ts',
    'jest.config.ci.js .mocharc.yml .taprc .c8rc.json .nycrc karma.conf.js wdio.ci.conf.ts bunfig.toml nx.json project.json',
    'turbo.json lerna.json .env .env.test .yarnrc.yml .npmrc .pnp.cjs .pnpmfile.cjs .nvmrc .node-version .tool-versions',
    'mise.toml mise.local.toml .python-version .cargo/config.toml rust-toolchain.toml x.runsettings Directory.Build.props',
    'pytest.ini .pytest.ini pytest.toml tox.ini .coveragerc sitecustomize.py usercustomize.py testng.xml .rspec .bazelrc',
    '.oxlintrc.json biome.jsonc knip.json knip.config.ts .stylelintrc.json .eslintrc eslint.config.js .editorconfig',
    'node.config.json .config/nextest.toml .mvn/jvm.config gradle/wrapper/gradle-wrapper.properties xtask/src/main.rs',
    'commitlint.config.js .prettierrc prettier.config.js cypress.config.ts playwright.config.ts ava.config.js pylintrc',
    'ruff.toml mypy.ini .flake8 noxfile.py pyrightconfig.json .golangci.yml clippy.toml .rubocop.yml phpunit.xml.dist',
    'phpstan.neon.dist .clang-tidy CTestCustom.cmake .formatter.exs cucumber.js .markdownlint.yaml patches/x.patch',
  ])('protect %s', (names) => {
    expect(matching(everywhere(names), PROTECTED)).toEqual(everywhere(names));
  });

  it.each([
    'a.test.js a_test.go test_a.py a.spec.ts ATest.java ATests.cs AIT.java ASpec.scala test.js test-a.mjs a-test.cjs',
    'tests.py conftest.py spec_helper.rb test_helper.exs a.feature a.cy.ts a.snap A.Tests/A.cs test/x Tests/x.php e2e/x.ts',
    'testdata/x __fixtures__/x __snapshots__/x test-utils/x.js test_helpers/x.py testutil/x.go setupTests.ts',
  ])('protect tests %s', (names) => {
    expect(matching(everywhere(names), PROTECTED)).toEqual(everywhere(names));
  });

  it.each([
    'Makefile GNUmakefile justfile Taskfile.yml Rakefile pom.xml build.gradle.kts gradle.properties go.mod Cargo.toml',
    'package.json pyproject.toml setup.cfg setup.py requirements.txt requirements-dev.txt composer.json Gemfile mix.exs',
    'tsconfig.json tsconfig.build.json deno.jsonc pnpm-workspace.yaml CMakeLists.txt a.csproj build.rs Dockerfile',
    'next.config.js angular.json fixtures/x mocks/x testing/x vendor/x .gitattributes .pre-commit-config.yaml',
  ])('flag %s and protect none of it by name', (names) => {
    expect(matching(everywhere(names), FLAGGED)).toEqual(everywhere(names));
    expect(matching(everywhere(names), PROTECTED)).toEqual([]);
  });

  it.each([
    'src/a.ts src/latest.ts src/task-spec.ts src/vite-plugin.ts src/environment.ts .env.example docs/test.md model.pth',
    'src/contest.py src/Latest.java build/x.js index.js src/jest-matchers.ts specs/openapi.yaml config/app.json',
  ])('leave alone %s', (names) => {
    expect(matching(names.split(' '), FLAGGED)).toEqual([]);
  });

  it('take file names as they are', () => {
    const odd = ['-x.test.js', 'a b\n.test.js', '[a].test.js', '.hidden.test.js'];
    expect(matching(odd, PROTECTED)).toEqual(odd);
  });
});
