/** The change of a task, file by file. */
import type { Signal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import type { Draft } from '../decision/line-comments.ts';
import { elsewhere, shownFiles, type ToLookAt } from './diff-order.ts';
import { hasRoom, type Shape, shape, showAs } from './diff-shape.ts';
import { type Patch, usePatch } from './patches.ts';
import './diff.css';
import { Problem } from '../shown/problem.tsx';
import { Name } from '../shown/visible.tsx';
import { DiffFile } from './diff-file.tsx';
import { DiffList } from './diff-list.tsx';

interface DiffProps {
  /** The digest of the diff in the artifact store. */
  readonly of: string;
  readonly toLookAt: ToLookAt;
  /** Where lines can be commented: what is written. */
  readonly draft?: Signal<Draft>;
}

export function DiffOf({ of, toLookAt, draft }: DiffProps) {
  const { value, problem } = usePatch(of);
  if (problem !== undefined) return <Problem of={problem} />;
  if (value === undefined) return <p class="quiet">Reading the change…</p>;
  return <Files patch={value} toLookAt={toLookAt} draft={draft} />;
}

interface FilesProps {
  readonly patch: Patch;
  readonly toLookAt: ToLookAt;
  readonly draft: Signal<Draft> | undefined;
}

/** More files than this are drawn when one asks for them. */
const DRAWN_MAX = 300;

function Files({ patch, toLookAt, draft }: FilesProps) {
  const files = useMemo(() => shownFiles(patch.files, toLookAt), [patch, toLookAt]);
  const id = useId();
  const nameOf = (at: number) => `file-${id}-${at}`;
  if (files.length === 0) return <p class="sheet">The change is empty.</p>;
  return (
    <div class="diff-all">
      <div class="stack">
        {hasRoom.value && <Shapes />}
        <DiffList files={files.slice(0, DRAWN_MAX)} nameOf={nameOf} />
      </div>
      <div class="diff-files">
        {elsewhere(files, toLookAt).map((words) => (
          <p key={words} class="concern">
            <Name text={words} />
          </p>
        ))}
        {files.slice(0, DRAWN_MAX).map((file, at) => (
          <DiffFile key={file.path} file={file} name={nameOf(at)} draft={draft} />
        ))}
        {(patch.isCut || files.length > DRAWN_MAX) && (
          <p class="concern">
            The change is larger than what is shown here: <code>pawl diff</code> prints all of it.
          </p>
        )}
      </div>
    </div>
  );
}

const SHAPES: readonly (readonly [Shape, string])[] = [
  ['unified', 'One column'],
  ['beside', 'Side by side'],
];

function Shapes() {
  return (
    <fieldset class="row shapes">
      <legend class="visually-hidden">How the change is shown</legend>
      {SHAPES.map(([one, words]) => (
        <button
          key={one}
          type="button"
          class="small"
          aria-pressed={shape.value === one}
          onClick={() => showAs(one)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}
