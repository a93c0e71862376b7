/** Something that a person does by the page: sent once however often it is pressed, and said how it went. */
import { useSignal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { newKey } from './ask.ts';
import { Intent, type IntentPlace, type OpenIntent } from './intent.ts';
import { keep, kept } from './kept-text.ts';
import { Problem } from './problems.ts';

export interface Deed {
  readonly isSending: boolean;
  /** It was done, and nothing was wanted since. */
  readonly isDone: boolean;
  /** The engine's words. */
  readonly problem: string | undefined;
  /**
   * Ignored while something is being sent.
   * @param what all that is sent: the same again, without an answer in between, has the same key
   */
  do(what: readonly unknown[], call: (key: string) => Promise<unknown>): Promise<boolean>;
}

/**
 * @param keptAs by which what was sent and not answered is kept in this tab: the same words, sent again after a reload, are done
 * once. For what would else be done twice; a decision, say, is not, because the second one meets no open gate
 */
export function useDeed(keptAs?: string): Deed {
  const [intent] = useState(() => new Intent(newKey, keptAs === undefined ? undefined : inThisTab(keptAs)));
  const isSending = useRef(false);
  const at = useSignal<'rest' | 'sending' | 'done'>('rest');
  const problem = useSignal<string>();
  return {
    isSending: at.value === 'sending',
    isDone: at.value === 'done',
    problem: problem.value,
    async do(what, call) {
      // The signal is drawn a moment later: a second click of the same moment is not.
      if (isSending.current) return false;
      isSending.current = true;
      at.value = 'sending';
      problem.value = undefined;
      try {
        await call(intent.keyFor(JSON.stringify(what)));
        intent.answered();
        at.value = 'done';
        return true;
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'unavailable') intent.answered();
        problem.value = (error as Error).message;
        at.value = 'rest';
        return false;
      } finally {
        isSending.current = false;
      }
    },
  };
}

const inThisTab = (name: string): IntentPlace => ({
  read() {
    const text = kept(name);
    // Only this page writes it.
    return text === null ? undefined : (JSON.parse(text) as OpenIntent);
  },
  write: (open) => keep(name, open === undefined ? '' : JSON.stringify(open)),
});
