/** What an artifact holds, as text to read, from its beginning and as far as one asks. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Content, readContent } from './artifact-content.ts';
import { Scrolled } from './scrolled.tsx';
import { Visible } from './visible.tsx';
import { withoutColours } from './visible-text.ts';

/** A tab that holds more text than this in one element does not answer. */
const CHARS_SHOWN = 100_000;
/** One slice of the store at a time. */
const AT_ONCE_BYTES = 1;

export function ArtifactText({ digest }: { readonly digest: string }) {
  const content = useSignal<Content>();
  const problem = useSignal<string>();
  const chars = useSignal(CHARS_SHOWN);
  const read = async () => {
    const before = content.value;
    try {
      const more = await readContent(digest, AT_ONCE_BYTES, before?.next ?? 0);
      content.value = { ...more, text: (before?.text ?? '') + more.text };
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  useEffect(() => void read(), [digest]);
  if (problem.value !== undefined) return <p role="alert">{problem}</p>;
  if (content.value === undefined) return <p class="quiet">Reading…</p>;
  const { text, bytes, next, isText } = content.value;
  if (!isText) return <p class="quiet">No text: {bytes} bytes</p>;
  const readable = withoutColours(text);
  const isMore = readable.length > chars.value || next !== null;
  const showMore = () => {
    chars.value += CHARS_SHOWN;
    if (next !== null && readable.length < chars.value) void read();
  };
  return (
    <>
      <Scrolled class="output" name="What it holds">
        <pre>
          <Visible text={readable.slice(0, chars.value)} charsMax={chars.value} />
        </pre>
      </Scrolled>
      {isMore && (
        <button type="button" class="small" onClick={showMore}>
          Show more of {bytes} bytes
        </button>
      )}
    </>
  );
}
