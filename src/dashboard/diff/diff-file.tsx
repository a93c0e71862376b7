/** One file of a change: its head, and its lines in slices. */
import { type Signal, useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Draft, LinePlace } from '../decision/line-comments.ts';
import { moveAmongLines, reachable } from '../decision/line-keys.ts';
import { Name, Visible } from '../shown/visible.tsx';
import { type DiffLine, linesOf } from './diff-lines.ts';
import type { ShownFile } from './diff-order.ts';
import { shape } from './diff-shape.ts';
import { slicesOf } from './diff-slices.ts';
import { type Commenting, DiffRows, lineKey } from './diff-table.tsx';
import { useShownSlices } from './shown-slices.ts';

interface FileProps {
  readonly file: ShownFile;
  /** Its anchor. */
  readonly name: string;
  /** Absent where nobody is asked about it. */
  readonly draft: Signal<Draft> | undefined;
}

export function DiffFile({ file, name, draft }: FileProps) {
  const isOpen = useSignal(file.folded === undefined);
  const hasBody = file.hunks.length > 0 || file.raw !== undefined;
  return (
    <section class="diff-file" aria-labelledby={name}>
      <header class="diff-head">
        <h3 id={name} class="mono">
          {file.from !== undefined && (
            <>
              <Name text={file.from} /> →{' '}
            </>
          )}
          <Name text={file.path} />
        </h3>
        <span class="row">
          <Kinds of={file} />
          {hasBody && (
            <button
              type="button"
              class="small"
              aria-expanded={isOpen.value}
              aria-controls={`${name}-lines`}
              onClick={() => {
                isOpen.value = !isOpen.value;
              }}
            >
              {isOpen.value ? 'Fold' : 'Show'}
            </button>
          )}
        </span>
      </header>
      {file.concerns.map((concern) => (
        <p key={concern} class="concern">
          <Visible text={concern} />
        </p>
      ))}
      <div id={`${name}-lines`}>
        {!hasBody && <p class="quiet note">{emptyText(file)}</p>}
        {hasBody && !isOpen.value && <p class="quiet note">Folded{file.folded && `: ${file.folded}`}</p>}
        {isOpen.value && file.raw !== undefined && (
          <pre class="note">
            <Visible text={file.raw} charsMax={50_000} />
          </pre>
        )}
        {isOpen.value && file.hunks.length > 0 && <Lines file={file} draft={draft} />}
      </div>
    </section>
  );
}

const KINDS = { added: 'new', removed: 'removed', renamed: 'renamed', copied: 'copied', changed: undefined };

function Kinds({ of: { is, modes, crlf, insertions, deletions, binary } }: { readonly of: ShownFile }) {
  const words = [KINDS[is], ...modes, ...(crlf ? ['CR LF'] : []), ...(binary ? ['no text'] : [])];
  return (
    <>
      {words.map((word) => word !== undefined && <span class="chip">{word}</span>)}
      <Counts insertions={insertions} deletions={deletions} />
    </>
  );
}

export function Counts({ insertions, deletions }: Pick<ShownFile, 'insertions' | 'deletions'>) {
  return (
    <span class="counts mono">
      <span class="plus">+{insertions}</span> <span class="minus">−{deletions}</span>
      <span class="visually-hidden"> lines</span>
    </span>
  );
}

function emptyText({ binary, bytes, is, modes }: ShownFile): string {
  if (binary) return `No text${bytes === undefined ? '' : `, ${bytes} bytes`}: what it holds is not shown`;
  if (is === 'renamed' || is === 'copied') return 'The same content under another name';
  return modes.length > 0 && is === 'changed' ? 'The same content' : 'An empty file';
}

function Lines({ file, draft }: Pick<FileProps, 'file' | 'draft'>) {
  const hunks = useMemo(() => file.hunks.map((hunk) => ({ hunk, slices: slicesOf(linesOf(hunk)) })), [file]);
  const lengths = hunks.flatMap(({ slices }) => slices.map(({ length }) => length));
  const shown = useShownSlices(lengths);
  const commenting = useCommenting(file.path, draft);
  const table = useRef<HTMLTableElement>(null);
  // Each time: other lines may be drawn now.
  useEffect(() => reachable(table.current));
  let left = shown.slices;
  return (
    <>
      <table ref={table} class={`diff ${shape.value}`} onKeyDown={moveAmongLines} onFocusIn={moveAmongLines}>
        <caption class="visually-hidden">
          Lines of <Visible text={file.path} />
          {draft !== undefined && '; arrow keys go from line number to line number, Enter comments'}
        </caption>
        <colgroup>
          <col class="line-number" />
          <col class={shape.value === 'beside' ? '' : 'line-number'} />
          <col class={shape.value === 'beside' ? 'line-number' : 'line-sign'} />
          <col />
        </colgroup>
        {hunks.map(({ hunk, slices }, at) => {
          if (left <= 0) return null;
          const some = slices.slice(0, left);
          left -= some.length;
          return (
            <Fragment key={at}>
              <tbody>
                <tr class="hunk">
                  <td colSpan={4}>
                    line {hunk.newStart} <Visible text={hunk.place} />
                  </td>
                </tr>
              </tbody>
              {some.map((lines, index) => (
                <Slice key={index} path={file.path} lines={lines} commenting={commenting} />
              ))}
            </Fragment>
          );
        })}
      </table>
      {shown.slices < lengths.length && (
        <p class="note row">
          <button type="button" class="small" disabled={shown.isGoingOn} onClick={shown.more}>
            Show {sumOf(lengths.slice(shown.slices, shown.next))} more
          </button>
          <button type="button" class="small" disabled={shown.isGoingOn} onClick={shown.all}>
            Show all {sumOf(lengths).toLocaleString()} lines
          </button>
          {shown.isGoingOn && (
            <span class="quiet" role="status">
              {sumOf(lengths.slice(0, shown.slices)).toLocaleString()} are shown…
            </span>
          )}
        </p>
      )}
    </>
  );
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

interface SliceProps {
  readonly path: string;
  readonly lines: readonly DiffLine[];
  readonly commenting: Commenting | undefined;
}

/** Drawn, and put in its place, only where something of it is another: of a long file many are shown. */
const Slice = ({ path, lines, commenting }: SliceProps) =>
  useMemo(
    () => (
      <tbody>
        <DiffRows path={path} lines={lines} commenting={commenting} />
      </tbody>
    ),
    [path, lines, commenting],
  );

/** Those of a draft are open from the start. */
function useCommenting(path: string, draft: Signal<Draft> | undefined): Commenting | undefined {
  const opened = useSignal<ReadonlySet<string>>(
    new Set(draft?.peek().comments.flatMap((one) => (one.path === path ? [lineKey(one)] : []))),
  );
  const open = opened.value;
  return useMemo(
    () =>
      draft && {
        draft,
        open,
        comment(place: LinePlace, isOpen: boolean) {
          const keys = new Set(opened.peek());
          if (isOpen) keys.add(lineKey(place));
          else keys.delete(lineKey(place));
          opened.value = keys;
        },
      },
    [draft, open],
  );
}
