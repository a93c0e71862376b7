/**
 * What set-up reads: manifests and lock files by their names, the files that its command names, and submodules. While none of it
 * differs, the packages that set-up installed serve the checks of another commit as well. Where it made more than that, it may
 * have built it of anything, so it serves that one commit alone. Pure.
 */
import { digestOf } from './digest.ts';
import { LOCK_FILES } from './protect.ts';
import type { Command } from './task-spec.ts';

/** Globs, from the top of the repository. */
export const SETUP_INPUTS: readonly string[] = [
  ...LOCK_FILES,
  '**/package.json',
  '**/pnpm-workspace.yaml',
  '**/deno.json',
  '**/deno.jsonc',
  '**/.npmrc',
  '**/.yarnrc*',
  '**/.pnpmfile.cjs',
  '**/.nvmrc',
  '**/.node-version',
  '**/.python-version',
  '**/.tool-versions',
  '**/mise.toml',
  '**/requirements*.txt',
  '**/requirements*.in',
  '**/constraints*.txt',
  '**/pyproject.toml',
  '**/setup.py',
  '**/setup.cfg',
  '**/Pipfile*',
  '**/environment.y*ml',
  '**/Cargo.toml',
  '**/rust-toolchain*',
  '**/go.mod',
  '**/go.work*',
  '**/Gemfile*',
  '**/*.gemspec',
  '**/composer.json',
  '**/mix.exs',
  '**/pom.xml',
  '**/build.gradle*',
  '**/settings.gradle*',
  '**/gradle.properties',
  '**/gradle/**',
  '**/*.csproj',
  '**/Directory.*.props',
  '**/Package.swift',
  '**/pubspec.*',
  '**/flake.nix',
  '.gitmodules',
  // What code is generated of, into the folder of a package.
  '**/*.prisma',
  '**/*.proto',
  // What tells how to install.
  '**/{Makefile,GNUmakefile,makefile,*.mk}',
  '**/{justfile,Justfile,.justfile,Taskfile.*,Rakefile,Brewfile}',
];

const INSTALLED =
  /(?:^|\/)(?:node_modules|\.venv|venv|\.bundle|vendor\/bundle|\.yarn|\.pnpm-store)\/|(?:^|\/)\.pnp\.[\w.]+$/;

/** `pip install .` puts a copy of the sources among the packages; one that is editable does not. */
const COPIES_SOURCES = /\bpip3? install (?!.*(?:-e|--editable)\b)(?:\S+ )*\.{1,2}(?:[/[]\S*)?(?: |$)/;

/**
 * Whether set-up made more than the folders of installed packages, and so may have built it of the sources.
 * @param left paths of files that it wrote
 */
export const isBuilt = (
  command: Command,
  left: readonly string[],
  matching: (paths: readonly string[], globs: readonly string[]) => string[],
): boolean => {
  const others = left.filter((path) => !INSTALLED.test(path));
  // A lock file that it writes anew, say.
  return COPIES_SOURCES.test(command.join(' ')) || matching(others, SETUP_INPUTS).length < others.length;
};

const SUBMODULE = /^160000 /;

/**
 * A digest of what set-up reads.
 * @param command of set-up, whose arguments may name files by their path from the top or from `dir`
 * @param entries `<mode> <object>` of all files by path, or another text that differs when the file does
 * @param matching those of the paths that a glob matches
 */
export function setupDigest(
  command: Command,
  dir: string | undefined,
  entries: ReadonlyMap<string, string>,
  matching: (paths: readonly string[], globs: readonly string[]) => string[],
): string {
  // Also those in what a shell is told.
  const words = command.flatMap((word) => word.split(/[\s'"`;&|()<>=]+/));
  const named = words.flatMap((word) => {
    const path = word.replace(/^\.\//, '');
    return dir === undefined ? [path] : [path, `${dir}/${path}`];
  });
  const submodules = [...entries].filter(([, entry]) => SUBMODULE.test(entry)).map(([path]) => path);
  const paths = new Set([...matching([...entries.keys()], SETUP_INPUTS), ...named, ...submodules]);
  const read = [...paths].sort().flatMap((path) => {
    const entry = entries.get(path);
    return entry === undefined ? [] : [[path, entry]];
  });
  return digestOf({ command, read });
}
