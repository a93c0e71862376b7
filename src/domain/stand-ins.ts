/**
 * Files that stand in for what a check asks for by another name: a module of Python's or Ruby's that comes first on the path, a
 * package or program in a `node_modules` that was committed. Only what a change adds is one: what the base has is its own. Pure.
 */
import { wordsOf } from './word-list.ts';

/** Modules that a test reads, or Python itself before it. None of them is a good name for a module of one's own. */
const PYTHON = new Set([
  ...wordsOf('pytest _pytest pluggy iniconfig unittest doctest nose nose2 hypothesis coverage'),
  ...wordsOf('pytest_cov xdist mock tox nox mypy ruff flake8 pylint black isort pyright'),
  ...wordsOf('sitecustomize usercustomize site os re abc io ast copy enum json math'),
  ...wordsOf('random types typing string struct inspect operator functools itertools collections'),
  ...wordsOf('contextlib dataclasses importlib traceback warnings pathlib posixpath subprocess'),
  ...wordsOf('tempfile argparse logging platform shutil textwrap threading datetime decimal'),
  ...wordsOf('fractions difflib pprint signal socket weakref linecache tokenize token keyword'),
  ...wordsOf('reprlib heapq bisect fnmatch glob gc atexit builtins runpy pkgutil codecs'),
]);
const RUBY = new Set(['minitest', 'rspec', 'test-unit', 'simplecov']);
/** Folders that a program of either finds first, besides the one in which it starts. */
const ON_PATH = ['', 'src', 'lib'];

/** @param folder of the task: its checks start there */
export function isStandIn(path: string, folder: string): boolean {
  return [...new Set(['', folder])].some((start) =>
    ON_PATH.some((inside) => {
      const prefix = [start, inside]
        .filter((part) => part !== '')
        .map((part) => `${part}/`)
        .join('');
      if (!path.startsWith(prefix)) return false;
      const [, name = '', ending] =
        /^([\w-]+)(?:\/__init__)?(?:\.[\w-]+)*\.(py|pyc|so|pyd|rb)$/.exec(path.slice(prefix.length)) ?? [];
      return ending === 'rb' ? RUBY.has(name) : ending !== undefined && PYTHON.has(name);
    }),
  );
}

/** Up to the first folder of packages, and the package in it. */
const PACKAGE = /^((?:.*?\/)?node_modules)\/((?:@[^/]+\/)?[^/]+)\//;

export const isInPackages = (path: string): boolean =>
  PACKAGE.test(path) || /(?:^|\/)node_modules\//.test(path);

/**
 * Whether an added file of a `node_modules` is none of what a repository does that commits its packages: a package that it did
 * not have may come, a file in one that it had, or a program, is one too many.
 * @param folders of the base
 */
export function isPlanted(path: string, folders: ReadonlySet<string>): boolean {
  if (!isInPackages(path)) return false;
  const [, packages = '', name = '.bin'] = PACKAGE.exec(path) ?? [];
  return name === '.bin' || !folders.has(packages) || folders.has(`${packages}/${name}`);
}
