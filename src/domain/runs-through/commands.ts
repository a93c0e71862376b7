/** Which files a command runs through, by its words, and those of all commands in a text. Pure: none need be there. */
import { builderLookups, isBuilder } from './builders.ts';
import { mentionsIn } from './code-text.ts';
import { type Lookup, modulePaths, type Place, pathsOf, run } from './lookup.ts';
import { isPackageManager, packageLookups } from './package-runs.ts';
import { interpreted, isInterpreter } from './programs.ts';
import { commandsIn } from './shell-text.ts';

/** How often a text within a text is looked into. */
const NESTED_MAX = 4;

export function lookupsOf(words: readonly string[], place: Place, nested = 0): Lookup[] {
  if (nested > NESTED_MAX) return [];
  // `timeout 60 make test`, `nyc npm test`: whatever stands before is only told to start it.
  const start = words.findIndex((word) => isKnown(programOf(word)));
  const before = start < 0 ? words : words.slice(0, start);
  const [known = '', ...args] = start < 0 ? [] : words.slice(start);
  return [
    // `scripts/make` is a file, whatever its name.
    ...startedFile(start === 0 ? words : before, place),
    ...settingsIn(before, place),
    ...(start < 0 ? [] : knownLookups(programOf(known), args, place, nested)),
    // `concurrently "npm run a" "npm run b"`, `sh -c 'make test'`
    ...words.filter((word) => /\s/.test(word)).flatMap((text) => shellLookups(text, place, nested + 1)),
    ...words.flatMap((word) => scriptNamed(word, place)),
  ];
}

/** Those of all commands of a text that a shell runs, with `cd` heard. */
export function shellLookups(text: string, place: Place, nested = 0): Lookup[] {
  let here = place;
  return commandsIn(text).flatMap((words) => {
    const [first = '', second = ''] = words;
    if (first === 'cd' || first === 'pushd') {
      const [folder = /^(?:\.|\$HERE\/)[./]*$/.test(second) ? '' : here.cwd] = pathsOf(second, here);
      // Of a `cd` in brackets the end is not heard.
      here = { ...here, cwd: folder, beside: here.beside ?? place.cwd };
      return [];
    }
    if (first === 'source' || first === '.') return run(pathsOf(second, here), program(here));
    return lookupsOf(words, here, nested);
  });
}

/** What the text of a program loads and starts. */
export function codeLookups(text: string, place: Place, nested = 0): Lookup[] {
  const { modules, named, files, commands, texts } = mentionsIn(text);
  const from = place.beside ?? place.cwd;
  const load = (how: Lookup['how'], paths: readonly string[]): Lookup[] =>
    paths.length === 0 ? [] : [{ paths, how, from, reads: readsOf(paths, place) }];
  // It may be a text for people, such as how the product is used.
  const asMentioned = (lookup: Lookup): Lookup =>
    lookup.how === 'run' && lookup.reads.kind === 'program' ? { ...lookup, how: 'mention', from } : lookup;
  return [
    ...modules.flatMap((path) => load('mention', modulePaths(pathsOf(path, { cwd: from })))),
    ...named.flatMap((paths) =>
      load(
        'import',
        paths.flatMap((path) => pathsOf(path, { cwd: from })),
      ),
    ),
    ...files.flatMap((path) => load('mention', pathsOf(path, place))),
    ...commands.flatMap((words) => lookupsOf(words, place, nested + 1)).map(asMentioned),
    ...texts.flatMap((one) => shellLookups(one, place, nested + 1)).map(asMentioned),
  ];
}

const readsOf = (paths: readonly string[], place: Place) =>
  paths.every((path) => IS_DATA.test(path)) ? ({ kind: 'nothing' } as const) : program(place);
const IS_DATA = /\.(?:json|ya?ml|toml|ini|cfg|conf|txt)$/;

const program = ({ cwd }: Place) => ({ kind: 'program', cwd }) as const;
const programOf = (word: string): string => word.split('/').at(-1) ?? '';

const isKnown = (name: string): boolean => isBuilder(name) || isPackageManager(name) || isInterpreter(name);

function knownLookups(name: string, args: readonly string[], place: Place, nested: number): Lookup[] {
  if (isBuilder(name)) {
    // `docker compose run app npm test`
    const inside = name === 'docker' ? lookupsOf(args, place, nested + 1) : [];
    return [...builderLookups(name, args, place), ...settingsIn(args, place), ...inside];
  }
  if (isPackageManager(name)) {
    const { lookups, rest } = packageLookups(name, args, place);
    return [...lookups, ...(rest.length === 0 ? [] : lookupsOf(rest, place, nested + 1))];
  }
  const { lookups, code } = interpreted(name, args, place);
  return [...lookups, ...(code === undefined ? [] : codeLookups(code, place, nested))];
}

/** What is put before a command: the file behind it is what is started. */
const WRAPPER =
  /^(?:env|time|nice|nohup|timeout|stdbuf|sudo|xvfb-run|cross-env(?:-shell)?|dotenv|setsid|ionice)$/;

/** `./ci/test.sh`, also behind `timeout 60`. */
function startedFile(words: readonly string[], place: Place): Lookup[] {
  const isWrapped = WRAPPER.test(words[0] ?? '');
  const word = isWrapped ? words.find((one) => one.includes('/') && !/^-|^\w+=/.test(one)) : words[0];
  if (word === undefined || /\s/.test(word) || !/\/|\.(?:sh|bash)$/.test(word)) return [];
  return run(pathsOf(word, place), program(place));
}

/** Options of whatever program behind which a file stands that says how it works. */
const SETTINGS =
  /^(?:-[cfpr]|--?(?:config|configuration|config-?file|rc-?file|conf|project|settings|file|require|import|setup|setup-files?|env-file|ignore-path|ignore-file|ini|rules|rulesdir|plugin|reporter))$/;

function settingsIn(words: readonly string[], place: Place): Lookup[] {
  return words.flatMap((word, at) => {
    const [, option = word, inline] = /^(--?[\w-]+)=(.*)$/s.exec(word) ?? [];
    const value = inline ?? words[at + 1] ?? '';
    // Of the TypeScript compiler: a folder or a file.
    const isProject = /^(?:-p|--project)$/.test(option);
    if (!SETTINGS.test(option) || value.startsWith('-') || !(isProject || /[./]/.test(value))) return [];
    const paths = pathsOf(value, place);
    const inFolder = isProject ? paths.map((path) => `${path}/tsconfig.json`) : [];
    return run([...paths, ...inFolder], { kind: 'settings' });
  });
}

/** `concurrently npm:lint`. */
function scriptNamed(word: string, place: Place): readonly Lookup[] {
  const [, manager, script] = /^(npm|pnpm|yarn|bun):([\w:*.-]+)$/.exec(word) ?? [];
  if (manager === undefined || script === undefined) return [];
  return packageLookups(manager, ['run', script], place).lookups;
}
