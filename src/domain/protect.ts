/**
 * Which files decide whether a change counts as good: tests, check definitions, lock files, CI. Two lists of globs,
 * because a lock file may rightly change with the work, while a test that an agent rewrites proves nothing.
 */
import { CHECK_DEFINITIONS, TESTS } from './check-definitions.ts';
import { SETTINGS_FILES } from './settings-keys.ts';

/** Never as in the base, also where a check's command names them. */
export const LOCK_FILES: readonly string[] = [
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
];

/** What runs elsewhere on the change. */
const RUN_ELSEWHERE = [
  '{.github,.gitlab,.circleci,.ci,.buildkite,.woodpecker,.azure-pipelines}/**',
  '{.gitlab-ci,.travis,appveyor,.appveyor,.drone,.woodpecker,.cirrus,bitbucket-pipelines,azure-pipelines*}.{yml,yaml}',
  '**/{Jenkinsfile*,.husky/**,.pre-commit-config.yaml,.pre-commit-hooks.yaml,{,.}lefthook*.yml}',
  '**/{.gitattributes,.gitmodules}',
] as const;

/** Of which a part decides what a check does, and cannot be told from what a change needs; and how things are built. */
const PARTLY = [
  ...SETTINGS_FILES,
  '**/{GNUmakefile,makefile,Makefile,*.mk,justfile,Justfile,.justfile,Taskfile*.yml,Taskfile*.yaml}',
  '**/{Rakefile,rakefile,gulpfile.*,Gruntfile.*,gruntfile.*,dodo.py,Earthfile,SConstruct,SConscript}',
  '**/{Dockerfile*,docker-compose*.y*ml,compose*.y*ml,Vagrantfile,flake.nix,shell.nix,default.nix,devenv.nix}',
  '**/{pom.xml,build.xml,build.sbt,build.sc,*.gradle,*.gradle.kts,gradle.properties,*.versions.toml,build.clj}',
  '**/{go.mod,go.work,build.rs,Package.swift,mix.exs,pubspec.yaml,Gemfile,*.gemspec,dune-project,*.cabal}',
  '**/{CMakeLists.txt,CMakePresets.json,*.cmake,meson.build,meson_options.txt,BUILD,BUILD.bazel,*.bzl}',
  '**/{WORKSPACE*,MODULE.bazel,configure.ac,configure}',
  '**/{setup.py,requirements*.txt,constraints*.txt,Pipfile,environment.yml,uv.toml,pixi.toml}',
  '**/{*.csproj,*.fsproj,*.vbproj,*.sln,*.slnx,*.props,*.targets,global.json,nuget.config,NuGet.Config}',
  '**/{pnpm-workspace.yaml,rush.json,.gitpod.yml,.devcontainer/**}',
  '**/{next,nuxt,astro,svelte,remix,vue,gatsby,angular,quasar,ember-cli-build,craco,docusaurus}.config.*',
  '**/{angular.json,workspace.json,ember-cli-build.js}',
  // Not by their place, but by what people mostly keep there.
  '**/{fixtures,mocks,testing,vendor,third_party}/**',
] as const;

/** Taken from the base commit when checks run, unless `pawl.yaml` says otherwise. */
export const PROTECTED: readonly string[] = [...CHECK_DEFINITIONS, ...TESTS];

/** Shown at approval when a diff touches them. */
export const FLAGGED: readonly string[] = [...PROTECTED, ...LOCK_FILES, ...RUN_ELSEWHERE, ...PARTLY];

/** What a list of globs protects, and what it leaves out of all that is protected: `!Makefile`. */
export function splitProtect(protect: readonly string[]): {
  readonly globs: readonly string[];
  readonly exceptions: readonly string[];
} {
  // `!(a|b)` is a pattern of its own.
  const isException = (glob: string) => /^!(?!\()/.test(glob);
  return {
    globs: protect.filter((glob) => !isException(glob)),
    exceptions: protect.filter(isException).map((glob) => glob.slice(1)),
  };
}

/** A list of exceptions alone is one from what is protected by default. */
export function protectOf(written: readonly string[]): string[] {
  const isExceptions = written.length > 0 && splitProtect(written).globs.length === 0;
  return isExceptions ? [...PROTECTED, ...written] : [...written];
}
