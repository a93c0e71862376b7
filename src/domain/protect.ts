/**
 * Which files decide whether a change counts as good: tests, check definitions, lock files, CI. Two lists of globs,
 * because a lock file may rightly change with the work, while a test that an agent rewrites proves nothing.
 */
import { CONFIGURATION_FILE } from './configuration-name.ts';

export const TESTS: readonly string[] = [
  '**/*.test.*',
  '**/*.spec.*',
  '**/*_test.*',
  '**/*_spec.*',
  '**/test_*.py',
  '**/conftest.py',
  '**/*Test.java',
  '**/*Test.kt',
  '**/*Tests.cs',
  '**/test/**',
  '**/tests/**',
  '**/spec/**',
  '**/__tests__/**',
  '**/__snapshots__/**',
];

/** What says how the tests and linters run. `package.json` is not here: only its scripts are, and its rest may change. */
export const CHECK_DEFINITIONS: readonly string[] = [
  CONFIGURATION_FILE,
  '**/.mocharc*',
  // `script-shell` decides what an npm script means.
  '**/.npmrc',
  '**/.nycrc*',
  '**/ava.config.*',
  '**/cypress.config.*',
  '**/jest.config.*',
  '**/karma.conf.*',
  '**/playwright.config.*',
  '**/vitest.config.*',
  '**/vitest.workspace.*',
  '**/pytest.ini',
  '**/tox.ini',
  '**/noxfile.py',
  '**/.coveragerc',
  '**/phpunit.xml*',
  '**/.rspec',
  '**/.eslintrc*',
  '**/eslint.config.*',
  '**/.eslintignore',
  '**/.oxlintrc.json',
  '**/biome.json',
  '**/biome.jsonc',
  '**/.prettierrc*',
  '**/.prettierignore',
  '**/prettier.config.*',
  '**/.stylelintrc*',
  '**/stylelint.config.*',
  '**/.flake8',
  '**/.pylintrc',
  '**/ruff.toml',
  '**/.ruff.toml',
  '**/mypy.ini',
  '**/.golangci.*',
  '**/.rubocop.yml',
  '**/clippy.toml',
  '**/rustfmt.toml',
  '**/.rustfmt.toml',
  '**/.shellcheckrc',
  '**/phpstan.neon*',
  '**/checkstyle.xml',
  '**/.editorconfig',
];

const LOCK_FILES = [
  '**/package-lock.json',
  '**/npm-shrinkwrap.json',
  '**/yarn.lock',
  '**/pnpm-lock.yaml',
  '**/bun.lock',
  '**/bun.lockb',
  '**/deno.lock',
  '**/Cargo.lock',
  '**/go.sum',
  '**/poetry.lock',
  '**/uv.lock',
  '**/pdm.lock',
  '**/Pipfile.lock',
  '**/Gemfile.lock',
  '**/composer.lock',
  '**/mix.lock',
  '**/flake.lock',
  '**/gradle.lockfile',
  '**/packages.lock.json',
  '**/Package.resolved',
  '**/pubspec.lock',
] as const;

/** What runs elsewhere on the change, and files of which a part decides what a check does. */
const RUN_ELSEWHERE = [
  '.github/**',
  '.gitlab-ci.yml',
  '.gitlab/**',
  '.circleci/**',
  '.travis.yml',
  '.ci/**',
  'azure-pipelines*.yml',
  'bitbucket-pipelines.yml',
  '.buildkite/**',
  '.woodpecker/**',
  '.woodpecker.yml',
  '**/Jenkinsfile',
  '**/.husky/**',
  '**/.pre-commit-config.yaml',
  '**/lefthook.yml',
  '**/package.json',
  '**/pyproject.toml',
  '**/setup.cfg',
  '**/Makefile',
  '**/justfile',
  '**/.gitattributes',
  '**/.gitmodules',
] as const;

/** Taken from the base commit when checks run, unless `pawl.yaml` says otherwise. */
export const PROTECTED: readonly string[] = [...CHECK_DEFINITIONS, ...TESTS];

/** Shown at approval when a diff touches them. */
export const FLAGGED: readonly string[] = [...PROTECTED, ...LOCK_FILES, ...RUN_ELSEWHERE];
