/** Programs that run a file which is named to them, or a text. Pure. */
import { type Lookup, modulePaths, type Place, pathsOf, run } from './lookup.ts';
import { scriptsOf } from './package-runs.ts';

const SHELL = /^(?:ba|da|z|k|a)?sh$/;
const PYTHON = /^(?:python|pypy)[\d.]*$|^(?:coverage|uv)$/;
const OTHER =
  /^(?:node|tsx|ts-node(?:-esm)?|babel-node|jiti|vite-node|zx|ruby|perl|php|lua|pwsh|Rscript|julia|groovy|electron)$/;

export const isInterpreter = (name: string): boolean =>
  SHELL.test(name) || PYTHON.test(name) || OTHER.test(name);

/** Options behind which a file stands that is loaded before the program, or in its place. */
const LOADED =
  /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file(?:-if-exists)?|--test-reporter|--test-global-setup|--experimental-config-file|--rcfile|--init-file)$/;

/** `code`: a program that is written into the command itself. */
interface Interpreted {
  readonly lookups: readonly Lookup[];
  readonly code?: string;
}

const CODE = /^(?:-c|-e|-p|-pe|-r|--eval|--print)$/;

export function interpreted(name: string, args: readonly string[], place: Place): Interpreted {
  const lookups: Lookup[] = [];
  const positional: string[] = [];
  let rest = args;
  for (let [arg] = rest; arg !== undefined; [arg] = rest) {
    const { option, value, behind } = optionIn(rest);
    rest = rest.slice(1);
    if (!arg.startsWith('-')) {
      positional.push(arg);
      continue;
    }
    const program = programIn(name, option, value, place);
    if (program !== undefined) return { ...program, lookups: [...lookups, ...program.lookups] };
    if (!LOADED.test(option) || !/[./]/.test(value)) continue;
    lookups.push(...started(value, place));
    rest = behind;
  }
  // What stands behind an option that takes a word (`-W error`) has mostly neither a dot nor a slash.
  const file = positional.find((word) => /[./$]/.test(word)) ?? positional[0];
  return { lookups: [...lookups, ...(file === undefined || /\s/.test(file) ? [] : started(file, place))] };
}

const started = (path: string, place: Place): Lookup[] =>
  run(modulePaths(pathsOf(path, place)), { kind: 'program', cwd: place.cwd });

function optionIn([arg = '', next = '', ...others]: readonly string[]) {
  const [, option, inline] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
  return option === undefined || inline === undefined
    ? { option: arg, value: next, behind: others }
    : { option, value: inline, behind: [next, ...others] };
}

/** An option that says what is run, in place of a file: what stands behind it is for that. */
function programIn(name: string, option: string, value: string, place: Place): Interpreted | undefined {
  if (option === '--run' && name === 'node') return { lookups: scriptsOf([value], place) };
  if (option === '-m' && PYTHON.test(name)) return { lookups: moduleLookups(value, place) };
  // A shell's text is looked into as every word with blanks in it.
  const isCode = CODE.test(option) && !SHELL.test(name) && /[\s(]/.test(value);
  return isCode ? { lookups: [], code: value } : undefined;
}

/** A module of Python's by its name, as the program that is started. */
function moduleLookups(module: string, place: Place): Lookup[] {
  const path = module.replaceAll('.', '/');
  const paths = [`${path}/__main__.py`, `${path}.py`].flatMap((one) => pathsOf(one, { cwd: place.cwd }));
  return run(paths, { kind: 'program', cwd: place.cwd });
}
