/** What a patch adds, file by file: to look at what is new and at nothing else. Pure. */

/** The lines that one file gains. */
export interface Added {
  /** Each with its line end, as latin1: not every file is text. */
  readonly text: string;
  /** Where each of them is in the file, from 1. */
  readonly numbers: readonly number[];
}

const HEADER = '\ndiff --git ';
const INDEX = /^index [0-9a-f]+\.\.([0-9a-f]+)/;
const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)/;

/**
 * By the object name of what each file becomes. Of a patch with whole object names and without combined diffs. No line of a
 * file can be taken for a header, because each has a mark of one character before it, and no line of a binary patch has a
 * blank in it.
 */
export function addedLines(patch: Buffer): ReadonlyMap<string, Added> {
  const found = new Map<string, Added>();
  for (const section of `\n${patch.toString('latin1')}`.split(HEADER).slice(1)) {
    const { oid, ...added } = addedIn(section);
    // Files of the same content may have gained it by and by, or all of it at once.
    if (oid !== undefined && added.text.length >= (found.get(oid)?.text.length ?? 0)) found.set(oid, added);
  }
  return found;
}

function addedIn(section: string): Added & { readonly oid: string | undefined } {
  const [text, numbers]: [string[], number[]] = [[], []];
  let oid: string | undefined;
  // Undefined in the headers, of which one begins like an added line.
  let number: number | undefined;
  for (const line of section.split('\n')) {
    const start = HUNK.exec(line)?.[1];
    if (start !== undefined) number = Number(start);
    else if (number === undefined) oid ??= INDEX.exec(line)?.[1];
    else if (line.startsWith('+')) {
      text.push(`${line.slice(1)}\n`);
      numbers.push(number);
      number += 1;
    } else if (line.startsWith(' ')) number += 1;
  }
  return { oid, text: text.join(''), numbers };
}
