/** How urgent a task is, in words: who waits for a free agent is served by it (`waiting-order.ts`). Without zod, for the page. Pure. */

/** The least urgent first. */
export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const;
export type PriorityWord = (typeof PRIORITIES)[number];

const isPriority = (word: unknown): word is PriorityWord => PRIORITIES.some((one) => one === word);

/** What is kept and shown of one: nothing where it is normal, or where somebody wrote anything else into a start by hand. */
export const unusual = (priority: unknown): PriorityWord | undefined =>
  isPriority(priority) && priority !== 'normal' ? priority : undefined;

/** As a field of what is kept and shown. */
export function unusualIn(priority: unknown): { readonly priority?: PriorityWord } {
  const word = unusual(priority);
  return word === undefined ? {} : { priority: word };
}

/** A call as if it had not named a priority where that is the normal one: said or not, it is the same call. */
export function withoutNormal<C extends { readonly priority?: PriorityWord | undefined }>(call: C): C {
  const { priority, ...others } = call;
  return { ...others, ...unusualIn(priority) } as C;
}

/** For people; undefined where there is nothing to say. */
export function priorityText(priority: unknown): string | undefined {
  const word = unusual(priority);
  return word === undefined ? undefined : `${word} priority`;
}
