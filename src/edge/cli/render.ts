/** A line of progress as text for one screen. */
import type { Line, Mark } from './line.ts';
import { type Style, styled } from './telling.ts';
import type { Screen } from './world.ts';

const MARKS: Readonly<Record<Mark, { readonly sign: string; readonly style: Style }>> = {
  title: { sign: '●', style: 'bold' },
  done: { sign: '✔', style: 'green' },
  failed: { sign: '✖', style: 'red' },
  left: { sign: '–', style: 'dim' },
  waiting: { sign: '?', style: 'yellow' },
  warning: { sign: '!', style: 'yellow' },
};
export const LABEL_WIDTH = 14;
const TEXT_WIDTH = 58;

export function renderLine({ mark, label, text, note }: Line, screen: Pick<Screen, 'colours'>): string {
  const { sign, style } = MARKS[mark];
  const dim = note === undefined ? '' : styled(screen, 'dim', note);
  if (mark === 'title') {
    const title = styled(screen, style, text);
    return dim === '' ? `${sign} ${title}` : `${sign} ${title}${gap(text.length, TEXT_WIDTH - 4)}${dim}`;
  }
  const start = `  ${styled(screen, style, sign)} ${inColumn(label)}`;
  return (dim === '' ? `${start}${text}` : `${start}${text}${gap(text.length, TEXT_WIDTH)}${dim}`).trimEnd();
}

/** A label in its column, or beyond it where it is longer. */
export const inColumn = (label: string): string => `${label}${gap(label.length, LABEL_WIDTH)}`;

const gap = (length: number, width: number): string => ' '.repeat(Math.max(2, width - length));
