/** What a person has written about a change and not sent yet, kept in this tab by what it is about. */
import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { keep, kept, keptSignal } from '../client/kept-text.ts';
import { type Draft, draftIn, EMPTY } from './line-comments.ts';

const keyOf = (task: string, about: string): string => `pawl draft ${task} ${about}`;

export const keptDraft = (task: string, about: string): Draft => draftIn(kept(keyOf(task, about)));

export const keepDraft = (task: string, about: string, draft: Draft): void =>
  keep(keyOf(task, about), draft.reason === '' && draft.comments.length === 0 ? '' : JSON.stringify(draft));

export const dropDraft = (task: string, about: string): void => keepDraft(task, about, EMPTY);

/** @param about the digest of what is shown. The same for the whole life of the component */
export const useDraft = (task: string, about: string): Signal<Draft> =>
  useState(() => keptSignal(keptDraft(task, about), (draft) => keepDraft(task, about, draft)))[0];
