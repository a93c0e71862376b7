/** Scripts of a `package.json`, or tasks of a `deno.json`, that a command runs. Pure. */
import { jsonObject, objectFrom } from '../settings-parts.ts';
import { type Lookup, type Place, pathsOf, run, upwards } from './lookup.ts';

/** Options of package managers that a value follows. */
const WITH_VALUE = /^(?:--prefix|-C|--dir|--cwd|--workspace|-w|--filter|-F|--scope|--projects|--config)$/;
const FOLDER = /^(?:--prefix|-C|--dir|--cwd)$/;
/** What runs scripts in other packages of the repository too. */
const ELSEWHERE = /^(?:-ws|--workspaces?|-r|--recursive|-w|--filter(?:=.*)?|-F|--workspace=.*)$/;
/** A manager without a word installs as well. */
const INSTALLS = /^(?:|i|ci|install|add|clean-install|isntall|it)$/;
const RUNS_ALL = /^(?:turbo|lerna|nx|lage|wsrun)$/;
const RUNS_LISTED = /^(?:npm-run-all2?|run-[sp])$/;
const PACKAGE_MANAGER = /^(?:npm|pnpm|yarn|bun|deno|composer)$/;
const SHORT: Readonly<Record<string, string>> = { t: 'test', tst: 'test' };

export const isPackageManager = (name: string): boolean =>
  PACKAGE_MANAGER.test(name) || RUNS_ALL.test(name) || RUNS_LISTED.test(name);

/** `rest`: the words of a command that it starts itself, as `npx` does. */
interface PackageRun {
  readonly lookups: readonly Lookup[];
  readonly rest: readonly string[];
}

export function packageLookups(name: string, args: readonly string[], place: Place): PackageRun {
  const { words, folder } = optionless(args, place);
  const here = folder === undefined ? place : { ...place, cwd: folder };
  const [verb = '', ...others] = words;
  if (RUNS_LISTED.test(name)) return { lookups: scriptsOf(words, here), rest: [] };
  if (RUNS_ALL.test(name)) {
    const names = words.flatMap((word) => word.split(/[:,]/));
    return { lookups: [...scriptsOf(names, here), ...elsewhere(names, place)], rest: [] };
  }
  if (name === 'deno') return denoLookups(verb, args, here);
  if (name === 'composer') return composerLookups(words, here);
  if (/^(?:exec|x|dlx)$/.test(verb)) return { lookups: [], rest: args.slice(args.indexOf(verb) + 1) };
  if (verb === 'workspace' || verb === 'workspaces') {
    const at = others.findIndex((word) => !/^(?:foreach|run)$/.test(word));
    const names = others.slice(verb === 'workspace' ? 1 : Math.max(at, 0)).slice(0, 2);
    return { lookups: elsewhere(names, place), rest: [] };
  }
  return managerLookups(name, args, { words, here, place });
}

function managerLookups(
  name: string,
  args: readonly string[],
  { words, here, place }: { readonly words: readonly string[]; readonly here: Place; readonly place: Place },
): PackageRun {
  const [verb = '', ...others] = words;
  if (INSTALLS.test(verb))
    return { lookups: scriptsOf(['install', 'prepare', 'prepublish'], here), rest: [] };
  const runs = /^(?:run|run-script|rum|urn)$/.test(verb);
  const word = runs ? others[0] : verb;
  if (word === undefined) return { lookups: [], rest: [] };
  const names = [runs ? word : (SHORT[word] ?? word)];
  const isRecursive = args.some((arg) => ELSEWHERE.test(arg));
  const lookups = [...scriptsOf(names, here), ...(isRecursive ? elsewhere(names, place) : [])];
  // `yarn jest`, `pnpm tsx run.ts`, `bun run.ts`: a program, where there is no such script.
  const isProgram = name !== 'npm' && (!runs || name === 'bun');
  if (!isProgram) return { lookups, rest: [] };
  const behind = args.slice(args.indexOf(word));
  // Bun is an interpreter as well; `tsx` stands for any of those.
  return { lookups, rest: name === 'bun' ? ['tsx', ...behind] : behind };
}

function optionless(args: readonly string[], place: Place) {
  const words: string[] = [];
  let folder: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') break;
    const [, option = arg, inline] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (!option.startsWith('-')) words.push(arg);
    else if (WITH_VALUE.test(option)) {
      const value = inline ?? args[at + 1] ?? '';
      if (FOLDER.test(option)) folder = pathsOf(value, { cwd: place.cwd })[0];
      if (inline === undefined) at += 1;
    }
  }
  return { words, folder };
}

/** With what a package manager runs around them. */
export function scriptsOf(names: readonly string[], { cwd }: Place): Lookup[] {
  const paths = upwards(cwd).map((folder) => (folder === '' ? 'package.json' : `${folder}/package.json`));
  const all = names.flatMap((name) => [`pre${name}`, name, `post${name}`]);
  return run(paths, { kind: 'scripts', names: all });
}

/** In every package that the change touches: which others a workspace has is of no account. */
function elsewhere(names: readonly string[], { changed = [] }: Place): Lookup[] {
  const folders = new Set(changed.flatMap(upwards).filter((folder) => folder !== ''));
  const all = names.flatMap((name) => [`pre${name}`, name, `post${name}`]);
  return [...folders].flatMap((folder) => run([`${folder}/package.json`], { kind: 'scripts', names: all }));
}

function composerLookups([verb = '', script = '']: readonly string[], { cwd }: Place): PackageRun {
  const names = [/^run(?:-script)?$/.test(verb) ? script : verb];
  return { lookups: run(pathsOf('composer.json', { cwd }), { kind: 'scripts', names }), rest: [] };
}

function denoLookups(verb: string, args: readonly string[], place: Place): PackageRun {
  const behind = args.slice(args.indexOf(verb) + 1);
  const files = ['deno.json', 'deno.jsonc'].flatMap((name) => pathsOf(name, { cwd: place.cwd }));
  const [name = ''] = behind.filter((word) => !word.startsWith('-'));
  if (verb === 'task') return { lookups: run(files, { kind: 'scripts', names: [name] }), rest: [] };
  return { lookups: [], rest: verb === 'run' ? ['tsx', ...behind] : [] };
}

/** The texts of the scripts that are asked for, in a file of them. */
export function scriptTexts(text: string, names: readonly string[]): string[] {
  const file = jsonObject(text);
  const scripts = Object.entries({
    ...objectFrom(file.tasks),
    ...objectFrom(file.wireit),
    ...objectFrom(file.scripts),
  });
  const isMeant = (name: string): boolean =>
    names.some((wanted) => {
      const [start = '', ...others] = wanted.split('*');
      return others.length === 0
        ? name === wanted
        : name.startsWith(start) && name.endsWith(others.at(-1) ?? '');
    });
  return scripts.flatMap(([name, script]) => {
    if (!isMeant(name)) return [];
    // Of Composer it may be a list.
    const commands = Array.isArray(script)
      ? script
      : [typeof script === 'string' ? script : objectFrom(script).command];
    return commands
      .filter((command) => typeof command === 'string')
      .map((command) => command.replace(/^@/, ''));
  });
}
