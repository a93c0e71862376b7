/** Words of the engine, in which commands stand between backticks. Pure. */
export interface Part {
  readonly is: 'words' | 'code';
  readonly text: string;
}

/** A backtick that none follows is text. */
export function codeParts(words: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: all, 1: code = '', index } of words.matchAll(/`([^`\n]+)`/g)) {
    if (index > from) parts.push({ is: 'words', text: words.slice(from, index) });
    parts.push({ is: 'code', text: code });
    from = index + all.length;
  }
  if (from < words.length) parts.push({ is: 'words', text: words.slice(from) });
  return parts;
}
