/** One line of a log: text in its colours, however long and whoever wrote it. */
import { type Part, partsOf } from './ansi-parts.ts';
import type { NumberedLine } from './log-lines.ts';

/** A longer line is cut, with a button that shows all of it. */
const CHARS_MAX = 2_000;
/** What an agent says for people; everything else is said of its attempt, by its type. */
const OUTPUT = ['log', 'progress'];

interface LineProps {
  readonly line: NumberedLine;
  readonly query: string;
  readonly isWhole: boolean;
  readonly onWhole: (number: number) => void;
}

export function LineText({ line: { number, type, text }, query, isWhole, onWhole }: LineProps) {
  const isCut = !isWhole && text.length > CHARS_MAX;
  const parts = partsOf(isCut ? text.slice(0, CHARS_MAX) : text);
  return (
    <>
      {!OUTPUT.includes(type) && <span class="type">{type} </span>}
      {parts.map((part, index) => (
        <span key={index} class={part.look}>
          <Marked part={part} query={query} />
        </span>
      ))}
      {isCut && (
        <button type="button" class="small" onClick={() => onWhole(number)}>
          … all {text.length.toLocaleString()} characters
        </button>
      )}
    </>
  );
}

/** What is searched for is marked where it stands in one colour. */
function Marked({ part: { text }, query }: { readonly part: Part; readonly query: string }) {
  if (query === '') return <>{text}</>;
  const [low, wanted] = [text.toLowerCase(), query.toLowerCase()];
  // Of a few letters the lower case is longer: then places would not be the same.
  if (low.length !== text.length || !low.includes(wanted)) return <>{text}</>;
  const pieces: (string | preact.JSX.Element)[] = [];
  let from = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    pieces.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  return (
    <>
      {pieces}
      {text.slice(from)}
    </>
  );
}
