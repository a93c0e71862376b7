/**
 * A file that a check runs through, as it is looked for: by several names, of which the first that is there counts. Pure; paths
 * are from the top of the repository, with `/`, folders without one at their end, '' is the top.
 */

export interface Lookup {
  /** In the order in which they are looked for. */
  readonly paths: readonly string[];
  /**
   * `run`: something starts it, or is told to read it. `mention`: a program's own text has its path. `import`: the same of a
   * module by its name, which means an installed one where there is none of that name.
   */
  readonly how: 'run' | 'mention' | 'import';
  /** Of `mention` and `import`: the folder of that program. */
  readonly from?: string;
  readonly reads: Reads;
}

/** What of its text is looked at for further files. */
export type Reads =
  | { readonly kind: 'nothing' }
  /** A program in whatever language, started in the folder. */
  | { readonly kind: 'program'; readonly cwd: string }
  /** Lines that a shell runs. */
  | { readonly kind: 'shell'; readonly cwd: string }
  /** What says how a runner works. */
  | { readonly kind: 'settings' }
  | { readonly kind: 'scripts'; readonly names: readonly string[] }
  | { readonly kind: 'makefile'; readonly cwd: string; readonly targets: readonly string[] };

/** Where a command starts, and the folder of the file that it stands in. */
export interface Place {
  readonly cwd: string;
  readonly beside?: string;
  /** Folders in which the change touches something: which packages of a workspace may be meant. */
  readonly changed?: readonly string[];
}

export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');
export const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

/** The folder and all that it lies in, up to the top. */
export function upwards(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), ''];
}

/** A path as it is written in a folder; undefined where it leads out of the repository, or names no one file. */
export function pathIn(folder: string, written: string): string | undefined {
  if (written === '' || written.startsWith('/') || /[\0\n*?$<>|"'`{}]|^\w+:\/\//.test(written))
    return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** A word as a path of a file, in all folders from which it may be meant. */
export function pathsOf(written: string, { cwd, beside }: Place): string[] {
  // `$ROOT/ci/test.sh`: what is behind the last variable, which is mostly the top or the script's own folder.
  const plain = written.replace(/^.*\$(?:\{[^}]*\}|\w+|[@*#?])[)"]*\/*/s, '');
  const folders = plain === written ? [cwd, beside] : [beside, cwd, ''];
  const paths = folders.flatMap((folder) => (folder === undefined ? [] : (pathIn(folder, plain) ?? [])));
  return [...new Set(paths)];
}

const ENDINGS = [
  '',
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.jsx',
  '.json',
  '.py',
  '.rb',
  '.sh',
];

/** The same of a module, whose ending need not be written, or is that of what it is compiled to. */
export function modulePaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const compiled = /\.([cm]?)jsx?$/.exec(path);
    if (compiled !== null) {
      const stem = path.slice(0, compiled.index);
      return [path, `${stem}.${compiled[1]}ts`, `${stem}.tsx`];
    }
    if (/\.\w+$/.test(path) && !/\.(?:config|test|setup)$/.test(path)) return [path];
    return [...ENDINGS.map((ending) => `${path}${ending}`), `${path}/index.js`, `${path}/index.ts`];
  });
}

export const run = (paths: readonly string[], reads: Reads): Lookup[] =>
  paths.length === 0 ? [] : [{ paths, how: 'run', reads }];
