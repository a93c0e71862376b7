/** Which files of a change are shown first, and which only when one asks for them. Pure. */
import type { PatchFile } from './patch-files.ts';

export interface ToLookAt {
  readonly flagged: readonly string[];
  readonly remarks: readonly { readonly path: string; readonly why: string }[];
}

export interface ShownFile extends PatchFile {
  /** Why a person should look at it. */
  readonly concerns: readonly string[];
  /** Why it is folded at first; undefined where it is open. */
  readonly folded?: string;
}

/** Changed lines of one file, and of all that are open at first. */
const LINES_MAX = 400;
const OPEN_LINES_MAX = 2_000;

/** Their names end so in the tools of many languages. */
const LOCK_FILE =
  /(?:^|\/)(?:[^/]*[.-]lock(?:file)?(?:\.(?:json|ya?ml|hcl))?|package-lock\.json|npm-shrinkwrap\.json|packages\.lock\.json|bun\.lockb|go\.sum|gradle\.lockfile)$/i;

/** Those with concerns first; else as in the patch. */
export function shownFiles(
  files: readonly PatchFile[],
  { flagged, remarks }: ToLookAt,
): readonly ShownFile[] {
  const judged = files.map((file) => ({ ...file, concerns: concernsOf(file, flagged, remarks) }));
  const isConcern = ({ concerns }: { readonly concerns: readonly string[] }) => concerns.length > 0;
  const ordered = [...judged.filter(isConcern), ...judged.filter((file) => !isConcern(file))];
  let open = 0;
  return ordered.map((file) => {
    const changed = file.insertions + file.deletions;
    const folded = whyFolded(file, changed, open);
    if (folded !== undefined) return { ...file, folded };
    open += changed;
    return file;
  });
}

const concernsOf = (
  { path, from }: PatchFile,
  flagged: ToLookAt['flagged'],
  remarks: ToLookAt['remarks'],
): readonly string[] => [
  ...remarks.filter((remark) => remark.path === path).map(({ why }) => why),
  ...(flagged.includes(path) || (from !== undefined && flagged.includes(from))
    ? ['is one of the tests, checks and lock files']
    : []),
];

function whyFolded(file: PatchFile, changed: number, open: number): string | undefined {
  if (file.binary) return undefined;
  if (LOCK_FILE.test(file.path)) return `a lock file, which programs write: ${changed} changed lines`;
  if (changed > LINES_MAX) return `${changed} changed lines`;
  return open + changed > OPEN_LINES_MAX ? `the change is long: ${changed} changed lines here` : undefined;
}

/** What is said of a whole change that the patch does not name: a person should hear of it all the same. */
export const elsewhere = (files: readonly PatchFile[], { flagged, remarks }: ToLookAt): readonly string[] => {
  const paths = new Set(files.flatMap(({ path, from }) => [path, from ?? path]));
  return [
    ...remarks.filter(({ path }) => !paths.has(path)).map(({ path, why }) => `${path} ${why}`),
    ...flagged.filter((path) => !paths.has(path)),
  ];
};
