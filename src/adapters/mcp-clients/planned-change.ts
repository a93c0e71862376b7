/** A change of a client's configuration that is known before anything is written: what it comes to, and how to make it. */
import { isDeepStrictEqual } from 'node:util';
import { PawlError } from '../../domain/failures.ts';
import {
  type ConfigurationFile,
  openConfiguration,
  removeConfiguration,
  replaceConfiguration,
} from './configuration-file.ts';
import { type ConfigurationText, UnfitText } from './configuration-text.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'removed' | 'absent';

export interface PlannedChange<T> {
  readonly file: string;
  readonly outcome: Outcome;
  /** What is there of Pawl before this and after it; undefined where there is nothing. */
  readonly before?: T;
  readonly value?: T;
  /** @throws PawlError `conflict` when the file has changed meanwhile, `precondition` when it cannot be written */
  make(): Promise<void>;
}

export interface WantedChange<T> {
  readonly path: string;
  readonly text: ConfigurationText<T>;
  /** Whether that is Pawl's; what is not is replaced whole. @throws PawlError where it is to stay */
  readonly isOurs: (there: unknown) => there is T;
  /** What is to be there, from what is there now: the same object when nothing changes. undefined: nothing is to be there. */
  readonly wanted: ((there: T | undefined) => T) | undefined;
  /** Of a file that is not there yet. */
  readonly mode: number;
}

/** Changes nothing. @throws PawlError `precondition` when the file is not one that can be changed */
export async function planChange<T>(change: WantedChange<T>): Promise<PlannedChange<T>> {
  const file = await openConfiguration(change.path);
  const { text, ...planned } = plan(file, change);
  return {
    file: file.path,
    ...planned,
    make: async () => (text === undefined ? undefined : write(file, text, change)),
  };
}

interface Plan<T> extends Pick<PlannedChange<T>, 'outcome' | 'before' | 'value'> {
  /** What to write; undefined where nothing changes. */
  readonly text?: string;
}

/** Pure. */
function plan<T>(file: ConfigurationFile, change: WantedChange<T>): Plan<T> {
  const text = file.text ?? '';
  try {
    const planned = planText(text, change);
    const { others } = change.text;
    // All the rest is a person's work: better no change than a wrong one.
    if (!isDeepStrictEqual(others(planned.text ?? text), others(text)))
      throw new Error(`the edit of ${file.path} would change other entries`);
    return planned;
  } catch (error) {
    if (!(error instanceof UnfitText)) throw error;
    const message = `${file.path} is left as it is: ${error.message}; put that right and run this again`;
    throw new PawlError('precondition', message, { cause: error });
  }
}

function planText<T>(text: string, { text: editor, isOurs, wanted }: WantedChange<T>): Plan<T> {
  const there = editor.read(text);
  const ours = there === undefined || isOurs(there) ? there : undefined;
  const before = ours === undefined ? {} : { before: ours };
  if (wanted === undefined) {
    if (there === undefined) return { outcome: 'absent' };
    return { outcome: 'removed', ...before, text: editor.remove(text) };
  }
  const value = wanted(ours);
  if (there === undefined) return { outcome: 'added', value, text: editor.put(text, value) };
  if (value === ours) return { outcome: 'unchanged', ...before, value };
  // Nothing of what is another's belongs into ours.
  const rest = ours === undefined ? editor.remove(text) : text;
  return { outcome: 'updated', ...before, value, text: editor.put(rest, value) };
}

/** A file that holds nothing any more goes; a link to it was made by a person, and stays. */
async function write<T>(
  file: ConfigurationFile,
  text: string,
  { text: { nothing }, wanted, mode }: WantedChange<T>,
): Promise<void> {
  const isEmpty = wanted === undefined && text.trim() === '';
  if (isEmpty && file.target === file.path) await removeConfiguration(file);
  else await replaceConfiguration(file, isEmpty ? nothing : text, mode);
}
