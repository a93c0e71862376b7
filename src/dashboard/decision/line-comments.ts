/** What a person writes while looking at a change, and the reason that its agent reads of it. Pure. */

export interface LinePlace {
  readonly path: string;
  readonly line: number;
  /** A line that the change takes away has a number only before. */
  readonly side: 'before' | 'after';
}
export interface LineComment extends LinePlace {
  readonly text: string;
}
export interface Draft {
  readonly reason: string;
  readonly comments: readonly LineComment[];
}

export const EMPTY: Draft = { reason: '', comments: [] };

export const isSamePlace = (one: LinePlace, other: LinePlace): boolean =>
  one.path === other.path && one.line === other.line && one.side === other.side;

export const placeText = ({ path, line, side }: LinePlace): string =>
  `${path}:${line}${side === 'before' ? ' (removed)' : ''}`;

/** In the place of what was said there before; words of blanks alone take it away. */
export function withComment(draft: Draft, comment: LineComment): Draft {
  const others = draft.comments.filter((one) => !isSamePlace(one, comment));
  const comments = comment.text.trim() === '' ? others : [...others, comment].sort(byPlace);
  return { ...draft, comments };
}

const byPlace = (one: LinePlace, other: LinePlace): number =>
  one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line;

/** The words in general, then each comment behind its `path:line`. Empty where nothing was written. */
export const reasonOf = ({ reason, comments }: Draft): string =>
  [reason.trim(), comments.map((one) => `${placeText(one)}: ${one.text.trim()}`).join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');

/** A draft as it was kept. What was kept by another version of the page is none. */
export function draftIn(text: string | null): Draft {
  try {
    const { reason, comments } = JSON.parse(text ?? '') as Partial<Draft>;
    if (typeof reason !== 'string' || !Array.isArray(comments)) return EMPTY;
    return { reason, comments: comments.filter(isComment) };
  } catch {
    return EMPTY;
  }
}

function isComment(one: unknown): one is LineComment {
  const { path, line, side, text } = (one ?? {}) as Partial<LineComment>;
  return (
    typeof path === 'string' &&
    typeof line === 'number' &&
    typeof text === 'string' &&
    (side === 'before' || side === 'after')
  );
}
