/** The person's choice while the engine is away: to wait, to skip the call, or to stop. */
import { z } from 'zod';
import { counted } from '../../../domain/counted.ts';
import type { Question, Said } from '../tool.ts';

const CHOICES = ['wait', 'skip', 'stop'] as const;
export type Choice = (typeof CHOICES)[number];

const ChoiceForm = z.object({ choice: z.enum(CHOICES) });

/**
 * The name of the question. It carries what the call that is made again with the answer has to know, because an adapter keeps
 * nothing between the two: under which key the call was made, and how often was asked.
 */
export interface Asked {
  readonly key: string;
  readonly times: number;
}

const NAME = /^engine-away-(\d{1,4})-(.{1,200})$/;

export const nameOf = ({ key, times }: Asked): string => `engine-away-${times}-${key}`;

/** @param names of the questions that were answered with this call */
export function askedBefore(names: readonly string[]): Asked | undefined {
  for (const name of names) {
    const [, times, key] = NAME.exec(name) ?? [];
    if (key !== undefined) return { key, times: Number(times) };
  }
  return undefined;
}

export interface Away {
  readonly tool: string;
  /** How often the call was made. */
  readonly tries: number;
  /** Of the last one. */
  readonly why: string;
  /** Skipped, it is kept for later. */
  readonly isKept: boolean;
}

export const questionOf = ({ tool, tries, why, isKept }: Away): Question => ({
  message: [
    `The engine of Pawl does not answer ${tool} after ${counted(tries, 'attempt')}: ${why}`,
    'wait: it is tried again.',
    isKept
      ? 'skip: the call is kept, and made once the engine is back; the work goes on without its answer.'
      : 'skip: the call is left out, and the work goes on without it.',
    'stop: the work stops here. Nothing is lost, and it can go on later from where it is.',
  ].join('\n'),
  form: ChoiceForm,
});

/** A prompt that was closed is no wish to go on. */
export function choiceIn(said: Said): Choice {
  const form = said.kind === 'answered' ? ChoiceForm.safeParse(said.fields) : undefined;
  return form?.success === true ? form.data.choice : 'stop';
}
