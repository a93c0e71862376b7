/** The title of the tab. Pure. */
import { piecesOf } from '../shown/visible-text.ts';

const CHARS_MAX = 80;

/** `(2) Fix the login · Pawl`. @param thing what the page is about; empty where it is about all */
export function tabTitle(decisions: number, thing: string): string {
  const words = piecesOf(thing.slice(0, CHARS_MAX), true)
    .map((piece) => (piece.is === 'text' ? piece.text : ' '))
    .join('')
    .trim();
  return `${decisions === 0 ? '' : `(${decisions}) `}${words === '' ? '' : `${words} · `}Pawl`;
}
