/** Headings of a text in Markdown: lines with `#` before them, and lines that are underlined; none of a block of code. Pure. */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const MARKED = /^ {0,3}#{1,6}(?=[ \t]|$)/;

export function headingsIn(text: string): readonly string[] {
  const headings: string[] = [];
  let fence: string | undefined;
  let before = '';
  for (const line of text.split(/\r?\n/)) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true) fence = undefined;
      before = '';
      continue;
    }
    if (mark !== undefined) fence = mark;
    else if (MARKED.test(line)) headings.push(withoutMarks(line));
    else if (before !== '' && UNDERLINE.test(line)) headings.push(before);
    const isText = mark === undefined && !MARKED.test(line) && !UNDERLINE.test(line);
    before = isText ? line.trim() : '';
  }
  return headings;
}

/** The text of a heading, without what marks it as one. */
function withoutMarks(line: string): string {
  const text = line.trim().replace(/^#+/, '').trim();
  const end = text.length - (/#*$/.exec(text.slice(-100))?.[0].length ?? 0);
  return end === 0 || /\s/.test(text.charAt(end - 1)) ? text.slice(0, end).trim() : text;
}

/** Those of the wanted sections that no heading names, however it is capitalized or spaced. */
export function missingSections(headings: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(headings.map(plain));
  return wanted.filter((section) => !known.has(plain(withoutMarks(section))));
}

const plain = (heading: string): string => heading.trim().replace(/\s+/g, ' ').toLowerCase();
