/** What a loop is begun with where somebody says in words what should be done. Pure. */
import { clip, LIMITS } from '../limits.ts';
import type { LoopPlan } from './loop-plan.ts';

/** The texts that the loop has to be given and that nobody has: the words are the value of the one, where it is one. */
export const openTexts = (inputs: LoopPlan['inputs'], given: readonly string[] = []): readonly string[] =>
  inputs
    .filter(({ name, type, required }) => required && type === 'string' && !given.includes(name))
    .map(({ name }) => name);

/** The first line of what is wished for, as the title of the execution; undefined where it is empty. */
export function titleOfWish(wish: string): string | undefined {
  const line = wish.trim().split('\n')[0]?.trim() ?? '';
  return line === '' ? undefined : clip(line, LIMITS.titleShownCharsMax);
}
