/** What a person should look at in a change, although no check depends on it. Pure. */

/** A file as a change leaves it. */
export interface ChangedFile {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** Whether git takes it for no text. */
  readonly binary: boolean;
  /** Known where it is binary or may be large. */
  readonly bytes?: number;
  /** Of a pointer of Git LFS: how large the content is that it stands for. */
  readonly lfsBytes?: number;
  /** What attributes give it to, where that was not run: not Git LFS. */
  readonly filter?: string;
  /** Another file of the commit, whose name is the same to a file system that folds names. */
  readonly namesake?: string;
  /** Of a link: where it leads. */
  readonly target?: string;
  /** What looks like a secret in the lines that the change adds, in their order. */
  readonly secrets?: readonly { readonly line: number; readonly kind: string }[];
  /** The line in which the first conflict begins whose markers the change adds. */
  readonly conflict?: number;
}

export interface Remark {
  readonly path: string;
  /** For a person, as what is said of the file: "is a link to /etc/passwd, …". */
  readonly why: string;
}

/** What nobody reads in a diff, and what is not searched for secrets. */
export const LARGE_BYTES = 1024 * 1024;

/** First what is hard to take back once it is merged: a place that shows only so many shows that. */
export const remarksOn = (files: readonly ChangedFile[]): Remark[] =>
  [secretsIn, unfiltered, conflictIn, besideNamesake, remarkOn].flatMap((look) =>
    files.flatMap((file) => {
      const why = look(file);
      return why === undefined ? [] : [{ path: file.path, why }];
    }),
  );

const KINDS_SHOWN_MAX = 3;

function secretsIn({ secrets = [] }: ChangedFile): string | undefined {
  const [first] = secrets;
  if (first === undefined) return undefined;
  const kinds = [...new Set(secrets.map(({ kind }) => kind))].slice(0, KINDS_SHOWN_MAX);
  return `seems to hold a secret in line ${first.line} (${kinds.join(', ')}): once merged it stays in the history`;
}

const unfiltered = ({ filter }: ChangedFile): string | undefined =>
  filter === undefined
    ? undefined
    : `was written without its filter ${filter}, which Pawl does not run: it stays in the history as the diff shows it`;

const conflictIn = ({ conflict }: ChangedFile): string | undefined =>
  conflict === undefined
    ? undefined
    : `holds conflict markers from line ${conflict} on: they look like a merge that nobody has solved`;

const besideNamesake = ({ namesake }: ChangedFile): string | undefined =>
  namesake === undefined
    ? undefined
    : `cannot be beside ${namesake} on macOS and Windows, where both names are the same: a checkout there has only one of the files`;

function remarkOn({ path, kind, binary, bytes = 0, lfsBytes, target = '' }: ChangedFile): string | undefined {
  if (kind === 'submodule') return 'is a submodule: what it brings is not part of the diff';
  if (kind === 'link') {
    return leadsOut(path, target) ? `is a link to ${target}, which is outside of the repository` : undefined;
  }
  if (lfsBytes !== undefined)
    return `is kept by Git LFS (${sizeWords(lfsBytes)}): the diff does not show what it holds`;
  if (binary) return `is no text (${sizeWords(bytes)}): the diff does not show what it holds`;
  return bytes >= LARGE_BYTES
    ? `is large (${sizeWords(bytes)}), and no secrets are looked for in what is that large`
    : undefined;
}

/** By its words alone: a link on the way may lead elsewhere, and is a change of its own. */
export function leadsOut(path: string, target: string): boolean {
  if (target.startsWith('/')) return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < LARGE_BYTES ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / LARGE_BYTES).toFixed(1)} MiB`;
}

export const remarkWords = ({ path, why }: Remark): string => `${path} ${why}`;

/** Who looks at more looks at the diff. */
const SHOWN_MAX = 3;

/** A line each, of at most so many, and how many more there are. */
export function remarkLines(remarks: readonly Remark[], countMax = SHOWN_MAX): string[] {
  const lines = remarks.slice(0, countMax).map(remarkWords);
  return remarks.length <= countMax ? lines : [...lines, `and ${remarks.length - countMax} more`];
}
