/** Programs that read a file of their own name, such as make, and which one. Pure. */
import { type Lookup, nameOf, type Place, pathsOf, run, upwards } from './lookup.ts';

/** In the order in which it is looked for; `up`: also in the folders above. */
interface OwnFiles {
  readonly names: readonly string[];
  readonly up?: true;
}

const each = (stems: readonly string[], endings: readonly string[]): string[] =>
  stems.flatMap((stem) => endings.map((ending) => `${stem}${ending}`));

const OWN_FILES: Readonly<Record<string, OwnFiles>> = {
  just: { names: ['justfile', 'Justfile', '.justfile'], up: true },
  task: { names: each(['Taskfile', 'taskfile'], ['.yml', '.yaml', '.dist.yml', '.dist.yaml']), up: true },
  rake: { names: ['rakefile', 'Rakefile', 'rakefile.rb', 'Rakefile.rb'], up: true },
  tox: { names: ['tox.ini', 'tox.toml'] },
  nox: { names: ['noxfile.py'] },
  invoke: { names: ['tasks.py'], up: true },
  doit: { names: ['dodo.py'] },
  gulp: { names: each(['gulpfile'], ['.js', '.mjs', '.cjs', '.ts']), up: true },
  grunt: { names: each(['Gruntfile', 'gruntfile'], ['.js', '.cjs', '.ts']), up: true },
  lefthook: { names: ['lefthook.yml', '.lefthook.yml'] },
  'pre-commit': { names: ['.pre-commit-config.yaml'] },
  earthly: { names: ['Earthfile'] },
  docker: {
    names: [...each(['compose', 'docker-compose'], ['.yaml', '.yml']), 'Dockerfile'],
  },
};
const MAKE = /^(?:g?make|mingw32-make|remake)$/;

export const isBuilder = (name: string): boolean => MAKE.test(name) || Object.hasOwn(OWN_FILES, name);

export function builderLookups(name: string, args: readonly string[], place: Place): Lookup[] {
  if (MAKE.test(name)) return makeLookups(args, place);
  const own = OWN_FILES[name];
  if (own === undefined) return [];
  const folders = own.up ? upwards(place.cwd) : [place.cwd];
  const paths = folders.flatMap((cwd) => own.names.flatMap((one) => pathsOf(one, { cwd })));
  const isProgram = own.names.some((one) => /\.(?:py|[cm]?[jt]s|rb)$/.test(one));
  return run(paths, { kind: isProgram ? 'program' : 'shell', cwd: place.cwd });
}

/** GNU make reads the first of these, and nothing of the others. */
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

function makeLookups(args: readonly string[], place: Place): Lookup[] {
  const folder = valueBehind(args, /^(?:-C|--directory)/);
  const cwd = folder === undefined ? place.cwd : (pathsOf(folder, { cwd: place.cwd })[0] ?? place.cwd);
  const file = valueBehind(args, /^(?:-f|--file|--makefile)/);
  const names = file === undefined ? MAKEFILES : [file];
  const targets = args.filter(
    (arg) => /^\w[\w./-]*$/.test(arg) && !/^\d+$/.test(arg) && arg !== file && arg !== folder,
  );
  return run(
    names.flatMap((name) => pathsOf(name, { cwd })),
    { kind: 'makefile', cwd, targets },
  );
}

function valueBehind(args: readonly string[], option: RegExp): string | undefined {
  const at = args.findIndex((arg) => option.test(arg));
  if (at < 0) return undefined;
  const inline = args[at]?.replace(option, '').replace(/^=/, '');
  return inline === '' ? args[at + 1] : inline;
}

/** Lines of a makefile that count for some targets, and what it reads besides. A target that is not in it is any. */
export function makefileParts(
  text: string,
  targets: readonly string[],
): { readonly included: readonly string[]; readonly shell: string } {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  const included = lines.flatMap(
    (line) => /^\s*-?s?include\s+(.+)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? [],
  );
  const { rules, others } = rulesOf(lines);
  const first = rules.find(({ names }) => names.some((name) => !name.startsWith('.')))?.names ?? [];
  const wanted = reached(rules, targets.length === 0 ? first : targets);
  const counting =
    wanted === undefined ? rules : rules.filter(({ names }) => names.some((name) => wanted.has(name)));
  return { included, shell: [...others, ...counting.flatMap(({ recipe }) => recipe)].join('\n') };
}

interface Rule {
  readonly names: readonly string[];
  readonly needs: readonly string[];
  readonly recipe: string[];
}

function rulesOf(lines: readonly string[]): { rules: Rule[]; others: string[] } {
  const rules: Rule[] = [];
  const others: string[] = [];
  for (const line of lines) {
    const [, names, needs = '', recipe] = /^([^\s#:=][^#:=]*)::?(?!=)([^#;=]*)(?:;(.*))?$/.exec(line) ?? [];
    if (line.startsWith('\t')) rules.at(-1)?.recipe.push(line.trim());
    else if (names === undefined) others.push(line);
    else {
      const own = recipe === undefined ? [] : [recipe.trim()];
      rules.push({
        names: names.trim().split(/\s+/),
        needs: needs.split(/[\s|]+/).filter(Boolean),
        recipe: own,
      });
    }
  }
  return { rules, others };
}

/** The targets and all that they need; undefined where that is not written out. */
function reached(rules: readonly Rule[], targets: readonly string[]): ReadonlySet<string> | undefined {
  const wanted = new Set(targets);
  const isAny = (name: string) => /[$%]/.test(name);
  for (const target of wanted) {
    for (const { names, needs } of rules) {
      if (!names.includes(target)) continue;
      for (const need of needs) wanted.add(need);
    }
  }
  const known = new Set(rules.flatMap(({ names }) => names));
  return targets.some((target) => !known.has(target)) || [...wanted].some(isAny) ? undefined : wanted;
}

/** Whether a file is one of make's. */
export const isMakefile = (path: string): boolean =>
  MAKEFILES.includes(nameOf(path)) || /\.(?:mk|mak)$/.test(path);
