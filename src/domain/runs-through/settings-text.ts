/**
 * Files that the configuration of a test runner, bundler or linter has loaded: a set-up before the tests, a runner or reporter of
 * one's own, what it extends. By the keys behind which they stand in whatever format, and by what it imports. Pure.
 */

import { isOfCompiler, ownKeysOf } from '../settings-keys.ts';
import { jsonObject } from '../settings-parts.ts';
import { mentionsIn } from './code-text.ts';
import { folderOf, type Lookup, modulePaths, nameOf, type Place, pathsOf, run } from './lookup.ts';

const each = (stem: string, ...endings: readonly string[]): string[] =>
  endings.map((ending) => `${stem}${ending}`);
const CODE = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** Read by the programs of most checks where they start, whatever their words are. */
const NAMES = [
  ...['jest', 'vitest', 'vite', 'ava', 'playwright', 'cypress', 'babel', 'eslint', 'rstest'].flatMap((tool) =>
    each(`${tool}.config`, ...CODE),
  ),
  ...each('jest.config', '.json'),
  ...each('babel.config', '.json'),
  ...['.mocharc', '.babelrc', '.nycrc', '.c8rc', '.eslintrc', '.swcrc', '.taprc'].flatMap((name) =>
    each(name, '', '.js', '.cjs', '.mjs', '.json', '.jsonc', '.yml', '.yaml'),
  ),
  ...['karma.conf', 'wdio.conf', 'nightwatch.conf', 'cucumber'].flatMap((name) =>
    each(name, '.js', '.cjs', '.ts'),
  ),
  ...[
    'vitest.workspace.ts',
    'vitest.workspace.js',
    'tsconfig.json',
    'bunfig.toml',
    'package.json',
    'pyproject.toml',
  ],
  ...['pytest.ini', 'tox.ini', 'setup.cfg', '.rspec', 'phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'],
];

export const settingsLookups = ({ cwd }: Place): Lookup[] =>
  NAMES.flatMap((name) => run(pathsOf(name, { cwd }), { kind: 'settings' }));

const KEY =
  /(?<![\w-])(?:setupFiles(?:AfterEnv)?|globalSetup|globalTeardown|setupNodeEvents|require|import|runner|testRunner|reporters?|testEnvironment|environment|testSequencer|resolver|snapshotSerializers|extends|presets?|preload|loader|bootstrap|file|plugins|transform|moduleNameMapper|supportFile)["']?\s*[:=]\s*/g;
/** What stands behind a key: a list, a table, or the rest of the line; of YAML the lines of a list. */
const VALUE = /^(?:\[[^\]]*\]|\{[^}]*\}|(?:\n[ \t]*-[^\n]*)+|[^\n]*)/;
const PATH = /(?:<rootDir>\/?|\.{1,2}\/)?[\w@.-]+(?:\/[\w@.-]+)*/g;
const CHARS_BEHIND_MAX = 4_000;

export function namedBySettings(path: string, whole: string): Lookup[] {
  const folder = folderOf(path);
  const text = settingsIn(path, whole);
  const written = [...text.matchAll(KEY)].flatMap(({ 0: key, index }) => {
    const behind = text.slice(index + key.length, index + key.length + CHARS_BEHIND_MAX);
    // Blanks before the list of YAML were taken with the key.
    const value = VALUE.exec(behind.startsWith('- ') ? `\n${behind}` : behind)?.[0] ?? '';
    return (value.match(PATH) ?? []).filter((one) => /[/.]/.test(one));
  });
  // `--require spec_helper` of a file of options.
  const options = [...text.matchAll(/(?:--require|--import|-r)[ =]([\w./-]+)/g)].map(([, one = '']) => one);
  const paths = [...written, ...options, ...mentionsIn(text).modules].map((one) =>
    one.replace(/^<rootDir>\/?/, ''),
  );
  return [...new Set(paths)].flatMap((one) =>
    run(modulePaths(pathsOf(one, { cwd: folder })), { kind: 'settings' }),
  );
}

/** Of a `package.json` what is no dependency and says not what the package is: `exports` has an `import` as well. */
function settingsIn(path: string, text: string): string {
  const keys = ownKeysOf(nameOf(path));
  if (keys === undefined || isOfCompiler(nameOf(path))) return text;
  const settings = Object.entries(jsonObject(text)).filter(
    ([key]) => !keys.own.has(key) && !keys.additive.has(key),
  );
  return JSON.stringify(Object.fromEntries(settings));
}
