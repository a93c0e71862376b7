/**
 * Files by whose name one knows that they say how tests, linters, type checkers and bundlers run. As they go along in history
 * with each step, they are few globs with many names. What mixes such settings with dependencies is not here: `package.json`,
 * say, of which a part is taken from the base (`settings-files.ts`), or `pom.xml`, which is only shown (`protect.ts`).
 */

import { CONFIGURATION_FILE } from './configuration-name.ts';
import { wordsOf } from './word-list.ts';

const anyOf = (...names: readonly string[]): string => `{${names.join(',')}}`;

/** `<name>.config.js`, `.ts`, `.json` and so on. */
const TOOLS_WITH_CONFIG = anyOf(
  // Test runners.
  ...wordsOf('ava codecept cypress intern jest karma nightwatch playwright playwright-ct'),
  ...wordsOf('protractor rstest stryker testplane vitest wdio web-test-runner'),
  // What turns sources into what the tests load.
  ...wordsOf('babel build esbuild metro rolldown rollup rsbuild rslib rspack swc tsdown'),
  ...wordsOf('tsup vite webpack'),
  // Linters and others that judge.
  ...wordsOf('commitlint cspell eslint knip lint-staged oxlint prettier stylelint xo'),
  ...wordsOf('lage node'),
);

/** `.<name>rc`, with or without an ending. */
const TOOLS_WITH_RC = anyOf(
  ...wordsOf('babel c8 commitlint dependency-cruiser eslint jscs jshint lintstaged markdownlint'),
  ...wordsOf('mocha npm nyc oxfmt oxlint parcel prettier pylint shellcheck stylelint swc'),
  ...wordsOf('tap testcafe yarn coverage bazel'),
);

const JAVASCRIPT = [
  `**/${TOOLS_WITH_CONFIG}.config.*`,
  `**/.${TOOLS_WITH_RC}rc*`,
  // `webpack.test.js`, `vite.config.test.ts`, `wdio.ci.conf.ts`: variants of the same.
  '**/{jest,karma,nightwatch,protractor,rollup,stryker,vite,vitest,wdio,webpack}.*.{js,cjs,mjs,ts,cts,mts,json}',
  '**/{.taprc,.xo-config*,.eslintignore,.prettierignore,.stylelintignore,.tapignore,tslint.json}',
  '**/{biome,.biome,oxlint,dprint,.dprint,cspell,.cspell,knip,.jasmine,jasmine}.{json,jsonc}',
  '**/{cucumber,.cucumber}.{js,cjs,mjs,json,yml,yaml}',
  '**/.markdownlint*',
  '**/.{pnp.*,pnpmfile.cjs,pnpmfile.mjs}',
  '**/.yarn/{plugins,releases,sdks}/**',
  // What packages are patched with once they are installed.
  '**/patches/*.patch',
  '**/.yarn/patches/**',
  '**/{bunfig.toml,nx.json,project.json,turbo.json,turbo.jsonc,lerna.json,moon.yml}',
  '**/.moon/**',
] as const;

const PYTHON = [
  '**/{pytest,.pytest}.{ini,toml}',
  '**/{tox,nox,mypy,.mypy,pylintrc,.isort,.flake8,pycodestyle,pydocstyle}.{ini,cfg,toml}',
  '**/{noxfile.py,.flake8,.pylintrc,pylintrc,.isort.cfg,.bandit,.pyre_configuration,hatch.toml,ty.toml}',
  '**/{ruff,.ruff,pyrefly}.toml',
  '**/{pyrightconfig,basedpyrightconfig}.json',
  // Run by every Python that starts with their folder on its path.
  '**/{sitecustomize,usercustomize}.py',
] as const;

const OTHERS = [
  // Ruby, PHP
  '**/.{rspec,rspec-local,simplecov,standard.yml,erb_lint.yml,rubocop*.yml}',
  '**/{phpunit.xml*,phpunit.dist.xml,phpstan*.neon*,psalm.xml*,.php-cs-fixer*,infection.json*,codeception*.yml}',
  '**/{behat.yml*,phpcs.xml*,.phpcs.xml*,phpmd.xml,rector.php}',
  // Rust, Go, Swift, Dart, Elixir
  '**/.cargo/config*',
  '**/.config/nextest.toml',
  '**/{clippy,.clippy,rustfmt,.rustfmt,deny,tarpaulin,.tarpaulin}.toml',
  '**/{rust-toolchain*,xtask/**,.golangci*,staticcheck.conf,*.xctestplan,.swiftlint.yml,.swiftformat}',
  '**/{analysis_options.yaml,dart_test.yaml,.formatter.exs,.credo.exs,.scalafmt.conf,.scalafix.conf}',
  // Java, .NET, C
  '**/{testng*.xml,checkstyle*.xml,pmd*.xml,spotbugs*.xml,detekt*.yml,junit-platform.properties}',
  '**/{.mvn/**,gradle/wrapper/**}',
  '**/{*.runsettings,xunit.runner.json,Directory.Build.*,.globalconfig}',
  '**/{.clang-format,.clang-tidy,CTestCustom.cmake,CTestConfig.cmake,.bazelversion,.bazelignore}',
  // Which program runs at all, and with what in its environment.
  '**/{.nvmrc,.node-version,.tool-versions,.python-version,.ruby-version,.java-version,.go-version,.sdkmanrc}',
  '**/{mise,.mise}{,.*}.toml',
  '**/.env{,.!(example|sample|template|dist|defaults)}',
  '**/{.editorconfig,.envrc}',
] as const;

/** What is loaded in place of what a test asks for, or besides, wherever it is. */
export const REPLACEMENTS: readonly string[] = [
  '**/__mocks__/**',
  // Programs, modules and plugins of a test framework that Python takes for installed ones.
  '**/{site-packages,dist-packages,.venv,venv,*.dist-info,*.egg-info}/**',
  '**/vendor/{bin,bundle}/**',
];

export const CHECK_DEFINITIONS: readonly string[] = [
  CONFIGURATION_FILE,
  ...JAVASCRIPT,
  ...PYTHON,
  ...OTHERS,
  ...REPLACEMENTS,
];

export const TESTS: readonly string[] = [
  '**/*{.,_}{test,spec}.*',
  // As `node --test` finds them.
  '**/{test,test-*,*-test}.{js,cjs,mjs,ts,cts,mts}',
  '**/*.{cy,e2e}.{js,cjs,mjs,ts,cts,mts,jsx,tsx}',
  '**/test_*.py',
  '**/{tests,conftest}.py',
  '**/*{Test,Tests,IT}.{java,kt,groovy,scala,php,swift,cs}',
  '**/*Spec.{scala,groovy,kt,hs}',
  '**/{spec_helper,rails_helper,test_helper}.*',
  '**/{test-setup,test.setup,setupTests}.*',
  '**/*.feature',
  // Projects of .NET; what tests compare with.
  '**/*.{Test,Tests,Specs}/**',
  '**/*.{snap,golden,approved.*,verified.*}',
  '**/{test,tests,Test,Tests,spec,e2e,cypress,testdata,__tests__,__snapshots__,__fixtures__}/**',
  // Helpers of tests, as far as a name tells them from what is tested.
  '**/{test,tests}{-,_}{utils,util,helpers,helper,support,fixtures,data}/**',
  '**/{testutil,testutils,testhelpers,testsupport,step_definitions}/**',
];
