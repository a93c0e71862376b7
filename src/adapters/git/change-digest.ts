/** What makes a change the same one on another base. Pure. */
import { createHash } from 'node:crypto';

const HEADER = '\ndiff --git ';
/** Whole object names, and the mode where it stays. */
const INDEX = /^index ([0-9a-f]+\.\.[0-9a-f]+)(.*)$/;

/**
 * Digest of what a patch does to each file: the lines that it takes away and adds, byte for byte and in their order, modes,
 * and of what is no text what it was and becomes, by object name. Two patches with the same digest ask the same of whoever
 * reads them.
 *
 * Where the lines are, and which ones stand around them, does not count, nor what else a file holds: a change of others'
 * in the same file moves the one and replaces the other, and the task's change is what it was. That they come to stand where
 * they belong is what a clean merge means, and the checks are run again.
 * @param patch with whole object names, so that no line of a file can pass for a header (see `addedLines`)
 */
export function changeDigest(patch: Buffer): string {
  const hash = createHash('sha256');
  for (const section of `\n${patch.toString('latin1')}`.split(HEADER).slice(1))
    hash.update(`${HEADER}${ownLines(section).join('\n')}`, 'latin1');
  return `sha256:${hash.digest('hex')}`;
}

/** @param section one file of the patch, from the names in its first line */
function ownLines(section: string): readonly string[] {
  const own: string[] = [];
  let names = '';
  let isHeader = true;
  for (const line of section.split('\n')) {
    const [index, objects = '', mode = ''] = (isHeader && INDEX.exec(line)) || [];
    if (index !== undefined) {
      names = objects;
      own.push(`index${mode}`);
    } else if (isHeader && line === 'GIT binary patch') {
      return [...own, names];
    } else if (line.startsWith('@@')) isHeader = false;
    // A line without an end says so in one of its own, which begins with a backslash.
    else if (isHeader || /^[-+\\]/.test(line)) own.push(line);
  }
  return own;
}
