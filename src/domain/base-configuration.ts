/** What `pawl.yaml` of the base commit says of a run, and what becomes of that where the base moves. Pure. */
import { CONFIGURATION_FILE } from './configuration-name.ts';
import type { AgentRunSpec, CheckDefinition, Command } from './task-spec.ts';

/** What a run goes by: the base's own words, but for what its spec says. */
export interface BaseConfiguration {
  readonly checks: readonly CheckDefinition[];
  /** Globs whose files are taken from the base commit when checks run. */
  readonly protect: readonly string[];
  /** null where there is none; absent where the step was done by an engine before this one. */
  readonly setupCommand?: Command | null;
  /** Where the base moves each approval is asked for again. Absent: it is carried over where the change is the same. */
  readonly approvals?: 'strict';
}

/** Of a base that has moved, where its `pawl.yaml` is another one. */
export type MovedConfiguration =
  | ({ readonly kind: 'read' } & BaseConfiguration)
  /** It cannot be read any more. */
  | { readonly kind: 'problem'; readonly problem: string };

/** @param configuration with its defaults filled in */
export const baseConfiguration = ({
  checks,
  protect,
  setup,
  approvals,
}: {
  readonly checks: readonly CheckDefinition[];
  readonly protect: readonly string[];
  readonly setup?: Command | undefined;
  readonly approvals?: 'carry' | 'strict';
}): BaseConfiguration => ({
  checks,
  protect,
  setupCommand: setup ?? null,
  ...(approvals === 'strict' ? { approvals } : {}),
});

/**
 * What the run goes by from now on, and what that is in words, for people; undefined where it is what it was. A configuration
 * that cannot be read changes nothing: it is no fault of the task's.
 * @param before what the run went by
 */
export function movedTo<P extends BaseConfiguration>(
  before: P,
  moved: MovedConfiguration,
  { base, checks, setup }: Pick<AgentRunSpec, 'base' | 'checks' | 'setup'>,
): { readonly prepared: P; readonly note: string } | undefined {
  const file = `${CONFIGURATION_FILE} of ${base}`;
  if (moved.kind === 'problem') {
    const note = `${file} has changed and cannot be read, so that the one before goes on to count: ${moved.problem}`;
    return { prepared: before, note };
  }
  const { kind: _, ...told } = moved;
  const { approvals: __, ...kept } = before;
  const after = {
    ...told,
    checks: checks ?? told.checks,
    ...(setup === undefined ? {} : { setupCommand: setup }),
  };
  const changed = PARTS.filter(([part]) => !isSame(before[part], after[part])).map(([, word]) => word);
  if (changed.length === 0) return undefined;
  // What is left out of `before` is optional there.
  return { prepared: { ...kept, ...after } as P, note: `${file} has changed: ${changed.join(', ')}` };
}

/** With the key under which each is written in the file. */
const PARTS: readonly (readonly [keyof BaseConfiguration, string])[] = [
  ['setupCommand', 'setup'],
  ['checks', 'checks'],
  ['protect', 'protect'],
  ['approvals', 'approvals'],
];

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
