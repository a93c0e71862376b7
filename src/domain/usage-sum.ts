/** What the attempts of a task have used together. Pure, and apart from `row-facts.ts`, whose schemas the live page need not load. */
import type { TaskState } from './task-state.ts';

/** As rows have it. */
export interface UsageSum {
  readonly tokens: number;
  readonly costUsd?: number;
  readonly turns?: number;
}

/** undefined where no agent has told any. */
export function usageOf(attempts: TaskState['attempts']): UsageSum | undefined {
  const used = attempts.flatMap(({ usage }) => usage ?? []);
  if (used.length === 0) return undefined;
  const costUsd = sumOf(used.map((one) => one.costUsd));
  const turns = sumOf(used.map((one) => one.turns));
  return {
    tokens: used.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    // Sums of fractions have digits that nobody is billed for.
    ...(costUsd === undefined ? {} : { costUsd: Number(costUsd.toFixed(6)) }),
    ...(turns === undefined ? {} : { turns }),
  };
}

/** undefined where none of them is known. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}
