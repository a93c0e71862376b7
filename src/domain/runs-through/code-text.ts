/**
 * What the text of a program mentions: files by their paths, modules that it loads, commands that it starts. It is read for its
 * quoted texts alone, in whatever language it is. Pure.
 */

export interface Mentions {
  /** By their paths from the file's own folder: `./lib.mjs`. */
  readonly modules: readonly string[];
  /** Of Python by their names, as the paths that each may have there. */
  readonly named: readonly (readonly string[])[];
  readonly files: readonly string[];
  /** Words of commands, and texts with commands. */
  readonly commands: readonly (readonly string[])[];
  readonly texts: readonly string[];
}

const QUOTED = /'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`/g;
/** Of what a text mentions, what may decide what a check says; a page that it reads does not. */
const TELLING_FILE =
  /^[\w./@$-]*\.(?:[cm]?[jt]sx?|py|rb|pl|php|lua|sh|bash|json|ya?ml|toml|ini|cfg|conf|mk|txt)$/;
/** `spawn('npm', ['run', 'x'])`, `subprocess.run(['make', 'test'])` */
const STARTED = /(?:(['"])([\w./-]+)\1\s*,\s*)?\[\s*((?:(?:'[^'\n]*'|"[^"\n]*")\s*(?:,\s*)?)+)\]/g;
/** What stands before a text that a shell runs, and not before one for people. */
const RUNS =
  /(?:\b(?:exec\w*|spawn\w*|system|popen|sh|bash|cmd|shell|run\w*|call|check_\w+)\s*\(?\s*|\$(?:\([^)]*\))?)$/i;
const CALL_CHARS_MAX = 80;
const IMPORT_OF_PYTHON =
  /^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+([\w, \t]+)|import[ \t]+([\w., \t]+))/gm;
const TEXT_CHARS_MAX = 2_000;

export function mentionsIn(text: string): Mentions {
  const quoted = [...text.matchAll(QUOTED)].map((found) => ({
    one: found[1] ?? found[2] ?? found[3] ?? '',
    isRun: RUNS.test(text.slice(Math.max(0, found.index - CALL_CHARS_MAX), found.index)),
  }));
  const all = quoted.filter(({ one }) => one !== '' && one.length <= TEXT_CHARS_MAX);
  const short = all.map(({ one }) => one);
  return {
    modules: [...short.filter((one) => /^\.\.?\//.test(one)), ...rubyModules(text)],
    named: pythonModules(text),
    files: short.filter((one) => TELLING_FILE.test(one)),
    commands: [...text.matchAll(STARTED)].map(([, , program, list = '']) => [
      ...(program === undefined ? [] : [program]),
      ...[...list.matchAll(QUOTED)].map((found) => found[1] ?? found[2] ?? ''),
    ]),
    texts: all.flatMap(({ one, isRun }) => (isRun && /\S\s+\S/.test(one) ? [one] : [])),
  };
}

const rubyModules = (text: string): string[] =>
  [...text.matchAll(/\brequire_relative[ (]+['"]([^'"\n]+)['"]/g)].map(([, path = '']) => `./${path}`);

function pythonModules(text: string): string[][] {
  return [...text.matchAll(IMPORT_OF_PYTHON)].flatMap(([, from, names = '', plain = '']) => {
    if (from === undefined)
      return plain.split(',').map((one) => pythonPaths(one.trim().split(/\s/)[0] ?? ''));
    const inside = names.split(',').map((one) => one.trim().split(/\s/)[0] ?? '');
    return [from, ...inside.map((one) => `${from}${from.endsWith('.') ? '' : '.'}${one}`)].map(pythonPaths);
  });
}

/** As a folder of modules, which comes first, and as a module, from the folder of the file. */
function pythonPaths(module: string): string[] {
  const [, dots = '', name = ''] = /^(\.*)(.*)$/.exec(module) ?? [];
  if (name === '') return [];
  const up = '../'.repeat(Math.max(0, dots.length - 1));
  const path = `./${up}${name.replaceAll('.', '/')}`;
  return [`${path}/__init__.py`, `${path}.py`];
}
