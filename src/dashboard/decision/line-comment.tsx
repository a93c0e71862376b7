/** What is said of one line, kept as it is typed. */
import type { Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Name } from '../shown/visible.tsx';
import { type Draft, isSamePlace, type LinePlace, placeText, withComment } from './line-comments.ts';
import { focusLineAbove } from './line-keys.ts';

interface CommentProps {
  readonly place: LinePlace;
  readonly draft: Signal<Draft>;
  readonly onClose: () => void;
}

export function CommentAt({ place, draft, onClose }: CommentProps) {
  const text = draft.value.comments.find((one) => isSamePlace(one, place))?.text ?? '';
  const field = useRef<HTMLTextAreaElement>(null);
  const isNew = useRef(text === '').current;
  // Before it is painted: what somebody types at once belongs in it.
  useLayoutEffect(() => {
    if (isNew) field.current?.focus();
  }, []);
  const set = (words: string) => {
    draft.value = withComment(draft.value, { ...place, text: words });
  };
  const close = () => {
    const row = field.current?.closest('tr');
    if (row) focusLineAbove(row);
    onClose();
  };
  return (
    <div class="stack">
      <label>
        <span>
          On{' '}
          <span class="mono">
            <Name text={placeText(place)} />
          </span>
          : the agent reads it if the change is rejected
        </span>
        <textarea
          ref={field}
          value={text}
          onInput={({ currentTarget }) => set(currentTarget.value)}
          onKeyDown={({ key }) => key === 'Escape' && close()}
        />
      </label>
      <div class="row">
        <button type="button" onClick={close}>
          Close
        </button>
        {text !== '' && (
          <button
            type="button"
            class="danger"
            onClick={() => {
              set('');
              close();
            }}
          >
            Remove
          </button>
        )}
      </div>
    </div>
  );
}
