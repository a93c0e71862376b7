/** A text of which nothing is hidden. */
import { useSignal } from '@preact/signals';
import { startOf } from '../../domain/limits.ts';
import { piecesOf } from './visible-text.ts';

/** Longer ones are shown up to here, and further when one asks: a line that is never seen hides what it does. */
const CHARS_MAX = 5_000;

interface VisibleProps {
  readonly text: string;
  readonly charsMax?: number;
  /** A line end in it is marked as well. */
  readonly isName?: boolean;
}

export function Visible({ text, charsMax = CHARS_MAX, isName = false }: VisibleProps) {
  const start = startOf(text, charsMax);
  return (
    <>
      {piecesOf(start, isName).map((piece) => {
        if (piece.is === 'text') return piece.text;
        // The tab itself stays, so that what is copied is what is in the file.
        if (piece.is === 'tab') return <span class="tab">{'\t'}</span>;
        return (
          <span class="unseen" title={piece.name}>
            {piece.code}
          </span>
        );
      })}
      {start.length < text.length && (
        <Rest text={text.slice(start.length)} charsMax={charsMax} isName={isName} />
      )}
    </>
  );
}

/** As much again each time. */
function Rest({ text, charsMax, isName }: Required<VisibleProps>) {
  const isShown = useSignal(false);
  if (isShown.value) return <Visible text={text} charsMax={2 * charsMax} isName={isName} />;
  return (
    <button
      type="button"
      class="unseen"
      onClick={() => {
        isShown.value = true;
      }}
    >
      … {text.length} more characters
    </button>
  );
}

/** A name of a file, a check or a branch. */
export const Name = ({ text }: { readonly text: string }) => <Visible text={text} isName />;
