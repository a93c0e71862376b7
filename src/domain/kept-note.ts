/** The note of which branches and commits of a task stay in the repository. Pure. */
const KEPT = 'kept in the repository: ';
/** What a task that is run again has found of its own: said when it begins. */
const FOUND = ' (the run before)';

export const keptNote = (kept: readonly string[]): string => `${KEPT}${kept.join(', ')}`;

/**
 * Notes have no time. That of what was kept is the last thing that a task does, so it belongs to its end.
 * @param isOver the task has ended
 */
export function notesInTime(
  notes: readonly string[],
  isOver: boolean,
): { readonly before: readonly string[]; readonly atEnd: readonly string[] } {
  const last = notes.at(-1);
  const isAtEnd = isOver && last?.startsWith(KEPT) === true && !last.endsWith(FOUND);
  const count = notes.length - (isAtEnd ? 1 : 0);
  return { before: notes.slice(0, count), atEnd: notes.slice(count) };
}
