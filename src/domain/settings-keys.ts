/**
 * Files of which a part says how a check works, and the rest is what a change may need: dependencies, what a package is and
 * exports. Which key is which. A key that is not known says how something works. Pure.
 */
import { wordsOf } from './word-list.ts';

/** Of which `settingsOf` the base's part is put back, by name. */
export const SETTINGS_FILES: readonly string[] = [
  '**/{package,composer,deno,tsconfig,tsconfig.*,jsconfig,jsconfig.*}.json',
  '**/{deno,tsconfig,tsconfig.*}.jsonc',
  '**/{pyproject,Cargo}.toml',
  '**/setup.cfg',
];

/** What a change may do to an object: these keys are its own, and in these it may add further ones. */
export interface OwnKeys {
  readonly own: ReadonlySet<string>;
  readonly additive: ReadonlySet<string>;
  /** Of its own the lists of dependencies: none that the base has comes from a folder of the change. */
  readonly published?: ReadonlySet<string>;
  /** Of those to which it may add, what runs without being asked for: when packages are installed, say. */
  readonly runsByItself?: RegExp;
  /** Keys of which the object below is taken apart in the same way. */
  readonly within?: Readonly<Record<string, OwnKeys>>;
}

const LISTS = wordsOf('dependencies devDependencies optionalDependencies overrides resolutions');
const DEPENDENCIES = [
  ...LISTS,
  ...wordsOf('peerDependencies peerDependenciesMeta bundleDependencies bundledDependencies dependenciesMeta'),
  // Which version of a dependency is meant, and which may run a script when it is installed; not how one is patched.
  ...wordsOf('catalog catalogs trustedDependencies allowScripts'),
];
const ABOUT = [
  ...wordsOf('version description keywords homepage bugs license licenses author authors'),
  ...wordsOf('contributors maintainers funding repository private publishConfig files directories'),
  ...wordsOf('man os cpu libc engines preferGlobal sideEffects $schema support readme'),
];

/**
 * `packageManager`, `workspaces` and `config` are none of these: they decide which program runs a script, and on what. `name`
 * neither: a package that is called `chai` is what its own tests get of that name.
 */
const PACKAGE: OwnKeys = {
  own: new Set([
    ...DEPENDENCIES,
    ...ABOUT,
    // How the package is loaded is part of what it is: tests of the base see it as its users do.
    ...wordsOf('main module browser types typings typesVersions type exports imports bin'),
    ...wordsOf('unpkg jsdelivr style sass svelte react-native jsnext:main es2015 esnext'),
    // Of an extension of VS Code.
    ...wordsOf('contributes activationEvents publisher displayName categories icon extensionPack'),
  ]),
  published: new Set(LISTS),
  within: {
    pnpm: {
      own: new Set(wordsOf('overrides allowedDeprecatedVersions onlyBuiltDependencies packageExtensions')),
      published: new Set(['overrides']),
      additive: new Set(),
    },
  },
  additive: new Set(['scripts']),
  runsByItself: /^(?:(?:pre|post)?(?:install|prepare)|prepublish|dependencies|pnpm:devPreinstall)$/,
};

const COMPOSER: OwnKeys = {
  own: new Set([
    ...ABOUT,
    ...wordsOf('require require-dev suggest conflict replace provide repositories autoload'),
    ...wordsOf('minimum-stability prefer-stable extra bin type time abandoned archive'),
  ]),
  additive: new Set(['scripts', 'scripts-descriptions']),
  runsByItself: /^(?:(?:pre|post)-|init$|command$)/,
};

const DENO: OwnKeys = {
  own: new Set([
    ...ABOUT,
    'imports',
    'scopes',
    'exports',
    'links',
    'patch',
    'vendor',
    'nodeModulesDir',
    'lock',
  ]),
  published: new Set(['imports']),
  additive: new Set(['tasks']),
};

/** New code may need another library or path; none of these lets the compiler find less wrong with the old. */
const TSCONFIG: OwnKeys = {
  own: new Set(['$schema', 'display']),
  additive: new Set(),
  within: {
    compilerOptions: {
      own: new Set([
        ...wordsOf('baseUrl paths rootDirs lib types typeRoots jsx jsxImportSource jsxFactory'),
        ...wordsOf('jsxFragmentFactory target module moduleResolution moduleDetection resolveJsonModule'),
        ...wordsOf('esModuleInterop allowSyntheticDefaultImports customConditions experimentalDecorators'),
        ...wordsOf('emitDecoratorMetadata useDefineForClassFields declaration declarationMap sourceMap'),
        ...wordsOf('outDir rootDir allowImportingTsExtensions rewriteRelativeImportExtensions'),
      ]),
      additive: new Set(),
    },
  },
};

/** Of the files that are JSON, by their names. */
export function ownKeysOf(name: string): OwnKeys | undefined {
  if (name === 'package.json') return PACKAGE;
  if (name === 'composer.json') return COMPOSER;
  if (/^deno\.jsonc?$/.test(name)) return DENO;
  return isOfCompiler(name) ? TSCONFIG : undefined;
}

export const isOfCompiler = (name: string): boolean => /^[tj]sconfig(?:\..+)?\.jsonc?$/.test(name);

/** Tools that install and build a package: their tables hold its dependencies. */
const BUILDS_PACKAGE = new Set([
  ...wordsOf('poetry uv pdm rye hatch setuptools setuptools_scm setuptools-scm flit maturin'),
  ...wordsOf('scikit-build meson-python pbr whey distutils cython setuptools-rust'),
]);
/** What of theirs starts programs all the same. */
const STARTS: Readonly<Record<string, string>> = { pdm: 'scripts', rye: 'scripts', hatch: 'envs' };

/** @param path of a value, from the top of the file */
export function isSetting(name: string, [first = '', second = '', third]: readonly string[]): boolean {
  if (name === 'pyproject.toml') {
    if (first !== 'tool') return false;
    return BUILDS_PACKAGE.has(second) ? STARTS[second] === third && third !== undefined : true;
  }
  if (/^(?:test|bench|lints|profile)$/.test(first)) return true;
  if (first === 'workspace') return second === 'lints';
  // `autotests = false`, and `test = false` of a library or a program.
  if (first === 'package') return /^auto(?:tests|benches|examples|bins)$/.test(second);
  return (first === 'lib' || first === 'bin') && /^(?:test|doctest|bench|harness)$/.test(second);
}

/** Of `setup.cfg`. */
export const isSettingsSection = (name: string): boolean =>
  !/^(?:metadata|options(?:\..*)?|build(?:_\w+)?|sdist|bdist(?:_\w+)?|egg_info|install(?:_\w+)?|upload\w*|versioneer|bumpversion.*)$/.test(
    name,
  );

/** For people, to be put before "as in the base commit". */
export const settingsWords = (path: string): string =>
  /(?:^|\/)(?:package|composer)\.json$/.test(path)
    ? `the scripts and settings of ${path}`
    : `the settings of ${path}`;
