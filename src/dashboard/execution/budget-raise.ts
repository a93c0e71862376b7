/** What an execution may spend, as a person sets it. Pure. */
import type { Act } from '../../domain/executions/execution-messages.ts';
import type { ExecutionState } from '../../domain/executions/execution-state.ts';

type Spent = NonNullable<ExecutionState['spent']>;
type Raise = Extract<Act, { act: 'raise_budget' }>;

export interface Bound {
  readonly name: 'attempts' | 'usd' | 'minutes';
  readonly label: string;
  /** What it may be now, in the unit of the label. */
  readonly allowed: number;
  /** Of what a person may fill in. */
  readonly step: number;
}

const MINUTE_MS = 60_000;

/** Those that its loop has: where there is none, there is nothing to raise. */
export function boundsOf({ attemptsMax, usdMax, wallMsMax }: Spent): readonly Bound[] {
  const bound = (name: Bound['name'], label: string, allowed: number | undefined, step: number) =>
    allowed === undefined ? [] : [{ name, label, allowed, step }];
  return [
    ...bound('attempts', 'Attempts in all', attemptsMax, 1),
    ...bound('usd', 'Cost in all, in US dollars', usdMax, 0.01),
    ...bound('minutes', 'Work in all, in minutes', wallMsMax && Math.ceil(wallMsMax / MINUTE_MS), 1),
  ];
}

/** What is told the engine: that which differs from what is allowed now; undefined where nothing does. */
export function raiseOf(
  spent: Spent,
  given: Readonly<Partial<Record<Bound['name'], string>>>,
): Raise | undefined {
  const changed = boundsOf(spent).flatMap(({ name, allowed }) => {
    const value = Number(given[name] ?? allowed);
    return value > 0 && value !== allowed ? [[name, value] as const] : [];
  });
  if (changed.length === 0) return undefined;
  const { minutes, ...more } = Object.fromEntries(changed);
  return { act: 'raise_budget', ...more, ...(minutes !== undefined && { wallSeconds: 60 * minutes }) };
}
