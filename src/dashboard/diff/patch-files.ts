/** A patch as git writes it, file by file. What one file of it has that cannot be read costs that file alone. Pure. */
import { parsePatch, type StructuredPatchHunk } from 'diff';

export type Hunk = Pick<StructuredPatchHunk, 'oldStart' | 'newStart' | 'lines'> & {
  /** Behind the `@@`: the function it is in, as git takes it. */
  readonly place: string;
};

export interface PatchFile {
  /** As the change leaves it; of a file that it removes, as it was. */
  readonly path: string;
  /** Another path that it had before. */
  readonly from?: string;
  readonly is: 'added' | 'removed' | 'renamed' | 'copied' | 'changed';
  /** What it is but for its text: a link, a program. */
  readonly modes: readonly string[];
  readonly binary: boolean;
  /** Of a binary file, where the patch says. */
  readonly bytes?: number;
  readonly insertions: number;
  readonly deletions: number;
  /** Every line of it ends with CR LF, which is left out of `hunks`. */
  readonly crlf: boolean;
  readonly hunks: readonly Hunk[];
  /** Its part of the patch as it is, where it could not be read. */
  readonly raw?: string;
}

/** Lines of a file have a mark of one character before them and those of a binary one no blank, so none can pass for this. */
const FILE = /^diff --git /m;

export function patchFiles(patch: string): readonly PatchFile[] {
  const starts = [...patch.matchAll(new RegExp(FILE, 'gm'))].map(({ index }) => index);
  return starts.map((start, at) => patchFile(patch.slice(start, starts[at + 1])));
}

function patchFile(text: string): PatchFile {
  try {
    return readFile(text);
  } catch {
    const path = text.slice('diff --git '.length, text.indexOf('\n')).replace(/^a\/(.*) b\/\1$/, '$1');
    return { ...NOTHING, path, is: 'changed', raw: text };
  }
}

const NOTHING = { modes: [], binary: false, insertions: 0, deletions: 0, crlf: false, hunks: [] };

function readFile(text: string): PatchFile {
  const [read] = parsePatch(text);
  if (read === undefined) throw new Error('expected a file in the patch');
  // A line of the file itself would have a mark before it.
  const size = /^GIT binary patch\nliteral (\d+)$/m.exec(text)?.[1];
  const binary = read.isBinary === true || /^GIT binary patch$/m.test(text);
  const lines = read.hunks.flatMap((hunk) => hunk.lines);
  const crlf = lines.length > 0 && lines.every((line) => line.endsWith('\r') || line.startsWith('\\'));
  const places = [...text.matchAll(/^@@ -\S+ \+\S+ @@ ?(.*)$/gm)].map((found) => found[1] ?? '');
  return {
    ...namesOf(read),
    modes: modesOf(read, text),
    binary,
    ...(size !== undefined && { bytes: Number(size) }),
    insertions: countOf(lines, '+'),
    deletions: countOf(lines, '-'),
    crlf,
    hunks: read.hunks.map((hunk, at) => ({
      oldStart: hunk.oldStart,
      newStart: hunk.newStart,
      lines: crlf ? hunk.lines.map((line) => line.replace(/\r$/, '')) : hunk.lines,
      place: places[at]?.trim() ?? '',
    })),
  };
}

type Read = ReturnType<typeof parsePatch>[number];

function namesOf(read: Read): Pick<PatchFile, 'path' | 'from' | 'is'> {
  const { oldFileName = '', newFileName = '' } = read;
  const [before, after] = [oldFileName.replace(/^a\//, ''), newFileName.replace(/^b\//, '')];
  if (read.isCreate === true || before === '/dev/null') return { path: after, is: 'added' };
  if (read.isDelete === true || after === '/dev/null') return { path: before, is: 'removed' };
  if (read.isRename === true) return { path: after, from: before, is: 'renamed' };
  if (read.isCopy === true) return { path: after, from: before, is: 'copied' };
  return { path: after, is: 'changed' };
}

const KINDS: Readonly<Record<string, string>> = {
  '100755': 'program',
  '120000': 'link',
  '160000': 'submodule',
  '100644': 'file',
};
const kindOf = (mode: string): string => KINDS[mode] ?? `mode ${mode}`;

function modesOf({ oldMode, newMode, isCreate, isDelete }: Read, text: string): readonly string[] {
  if (oldMode !== undefined && newMode !== undefined) return [`${kindOf(oldMode)} → ${kindOf(newMode)}`];
  const only = isCreate === true ? newMode : isDelete === true ? oldMode : undefined;
  const kept = /^index \S+ (\d+)$/m.exec(text)?.[1];
  const mode = only ?? kept ?? '100644';
  return mode === '100644' || (mode === '100755' && only === undefined) ? [] : [kindOf(mode)];
}

const countOf = (lines: readonly string[], mark: string): number =>
  lines.reduce((count, line) => (line.startsWith(mark) ? count + 1 : count), 0);
