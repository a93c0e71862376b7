/** Lines of a change with their numbers, in one column or two. */
import type { Signal } from '@preact/signals';
import { Fragment } from 'preact';
import { CommentAt } from '../decision/line-comment.tsx';
import type { Draft, LinePlace } from '../decision/line-comments.ts';
import { Visible } from '../shown/visible.tsx';
import { type DiffLine, pairsOf, type Word, wordsOf } from './diff-lines.ts';
import { shape } from './diff-shape.ts';

/** Where lines of a change can be commented. */
export interface Commenting {
  readonly draft: Signal<Draft>;
  /** Lines whose comment is open, by `lineKey`. */
  readonly open: ReadonlySet<string>;
  comment(place: LinePlace, isOpen: boolean): void;
}

interface Rows {
  readonly path: string;
  readonly lines: readonly DiffLine[];
  readonly commenting: Commenting | undefined;
}

export const lineKey = ({ line, side }: Pick<LinePlace, 'line' | 'side'>): string => `${side} ${line}`;

/** A line that the change takes away is named by the number that it had. */
export function placeIn(path: string, { is, before, after }: DiffLine): LinePlace | undefined {
  const [line, side] = is === 'removed' ? ([before, 'before'] as const) : ([after, 'after'] as const);
  return line === undefined ? undefined : { path, line, side };
}

export const DiffRows = (rows: Rows) =>
  shape.value === 'beside' ? <Beside {...rows} /> : <Unified {...rows} />;

function Unified({ path, lines, commenting }: Rows) {
  return lines.map((line, at) => {
    const place = placeIn(path, line);
    return (
      <Fragment key={at}>
        <tr class={line.is}>
          <td class="number">
            {line.is === 'removed' ? (
              <LineNumber line={line} place={place} commenting={commenting} />
            ) : (
              line.before
            )}
          </td>
          <td class="number">
            {line.is !== 'removed' && <LineNumber line={line} place={place} commenting={commenting} />}
          </td>
          <td class="sign">{SIGNS[line.is]}</td>
          <td class="code">
            <Words of={line} />
          </td>
        </tr>
        <CommentRow place={place} commenting={commenting} />
      </Fragment>
    );
  });
}

function Beside({ path, lines, commenting }: Rows) {
  return pairsOf(lines).map(({ left, right }, at) => {
    const isSame = left === right;
    const places = [left?.is === 'removed' ? left : undefined, right].map(
      (line) => line && placeIn(path, line),
    );
    return (
      <Fragment key={at}>
        <tr>
          <td class={`number ${left?.is ?? 'none'}`}>
            {left !== undefined &&
              (isSame ? left.before : <LineNumber line={left} place={places[0]} commenting={commenting} />)}
          </td>
          <td class={`code ${left?.is ?? 'none'}`}>{left !== undefined && <Words of={left} hasSign />}</td>
          <td class={`number ${right?.is ?? 'none'}`}>
            {right !== undefined && <LineNumber line={right} place={places[1]} commenting={commenting} />}
          </td>
          <td class={`code ${right?.is ?? 'none'}`}>{right !== undefined && <Words of={right} hasSign />}</td>
        </tr>
        {places.map((place) => (
          <CommentRow key={place?.side} place={place} commenting={commenting} />
        ))}
      </Fragment>
    );
  });
}

const SIGNS: Readonly<Record<DiffLine['is'], string>> = { same: '', removed: '-', added: '+', note: '' };

interface NumberProps {
  readonly line: DiffLine;
  readonly place: LinePlace | undefined;
  readonly commenting: Commenting | undefined;
}

function LineNumber({ line, place, commenting }: NumberProps) {
  const number = place?.line ?? line.after ?? line.before;
  if (commenting === undefined || place === undefined) return <>{number}</>;
  const isOpen = commenting.open.has(lineKey(place));
  return (
    <button
      type="button"
      class="line"
      // One of them all is reached by Tab, the others from it by arrows (`diff-file.tsx`).
      tabIndex={-1}
      aria-label={`Comment on line ${number}${place.side === 'before' ? ', which is removed' : ''}`}
      aria-expanded={isOpen}
      onClick={() => commenting.comment(place, !isOpen)}
    >
      {number}
    </button>
  );
}

interface CommentRowProps {
  readonly place: LinePlace | undefined;
  readonly commenting: Commenting | undefined;
}

function CommentRow({ place, commenting }: CommentRowProps) {
  if (place === undefined || commenting === undefined || !commenting.open.has(lineKey(place))) return null;
  return (
    <tr class="comment">
      <td colSpan={4}>
        <CommentAt place={place} draft={commenting.draft} onClose={() => commenting.comment(place, false)} />
      </td>
    </tr>
  );
}

/** Looked for when a line is first drawn, and not again when the table is. */
const known = new WeakMap<DiffLine, readonly Word[]>();
function knownWords(line: DiffLine): readonly Word[] {
  const words = known.get(line) ?? wordsOf(line);
  known.set(line, words);
  return words;
}

function Words({ of, hasSign = false }: { readonly of: DiffLine; readonly hasSign?: boolean }) {
  const Mark = of.is === 'removed' ? 'del' : 'ins';
  return (
    <>
      {hasSign && <span class="sign">{SIGNS[of.is] || ' '}</span>}
      {knownWords(of).map(({ text, isChanged }, at) =>
        isChanged ? (
          <Mark key={at}>
            <Visible text={text} />
          </Mark>
        ) : (
          <Visible key={at} text={text} />
        ),
      )}
    </>
  );
}
