/** Signs that something goes wrong, from what the engine is told anyway. Pure. */
import { z } from 'zod';
import { TaskId } from './ids.ts';

export const WARNING_LIMITS = {
  /** An agent that works prints something: one that does not may hang, or wait for its provider. */
  silentMs: 30_000,
  /** Tasks that wait for an agent at once. */
  backlog: 5,
  /** Of what this host, or its container, has. It is over a little below, so that it does not come and go. */
  memoryShare: 0.8,
  memoryShareOver: 0.75,
} as const;

export const Warning = z.object({
  about: z.enum(['silent_agent', 'backlog', 'memory']),
  /** The task whose agent is silent. */
  id: TaskId.optional(),
  since: z.iso.datetime(),
  /** For a person. */
  words: z.string(),
});
export type Warning = z.infer<typeof Warning>;

export interface WarningFacts {
  /** Tasks at which an agent works, each with when it was last heard of. */
  readonly working: readonly { readonly id: TaskId; readonly heardAtMs: number }[];
  /** Tasks that wait for an agent. */
  readonly waiting: number;
  /** 0 to 1. */
  readonly memoryShare: number;
}

/** @param before those that held at the last look: what still holds, holds since then */
export function warningsOf(
  { working, waiting, memoryShare }: WarningFacts,
  before: readonly Warning[],
  nowMs: number,
): readonly Warning[] {
  const sinceOf = (about: Warning['about']) => before.find((one) => one.about === about)?.since;
  const at = (ms: number) => new Date(ms).toISOString();
  const silent = working.filter(({ heardAtMs }) => nowMs - heardAtMs >= WARNING_LIMITS.silentMs);
  const memorySince = sinceOf('memory');
  const bound = memorySince === undefined ? WARNING_LIMITS.memoryShare : WARNING_LIMITS.memoryShareOver;
  const warnings: Warning[] = silent.map(({ id, heardAtMs }) => ({
    about: 'silent_agent',
    id,
    since: at(heardAtMs),
    words: `the agent of ${id} has printed nothing for a while: \`pawl logs ${id}\` shows what it was at`,
  }));
  if (waiting >= WARNING_LIMITS.backlog)
    warnings.push({
      about: 'backlog',
      since: sinceOf('backlog') ?? at(nowMs),
      words: `${WARNING_LIMITS.backlog} tasks or more wait for an agent: PAWL_AGENTS_PER_HOST says how many work at once`,
    });
  if (memoryShare > bound)
    warnings.push({
      about: 'memory',
      since: memorySince ?? at(nowMs),
      words: `more than ${Math.round(WARNING_LIMITS.memoryShare * 100)} % of the memory is in use: let fewer agents work at once`,
    });
  return warnings;
}

/** Whether they warn of the same. */
export const sameWarnings = (some: readonly Warning[], others: readonly Warning[]): boolean =>
  some.length === others.length && some.every((one, at) => keyOf(one) === keyOf(others[at]));

const keyOf = (warning: Warning | undefined): string =>
  `${warning?.about} ${warning?.id ?? ''} ${warning?.since}`;
