/** What the tasks of an execution have spent of what its loop may spend, and whether there is something left. Pure. */
import { LIMITS } from '../limits.ts';
import type { Budget } from '../loops/budget.ts';
import { spanText } from '../loops/spans.ts';
import type { Policy } from '../task-spec.ts';

/** Of one task. */
export interface Spending {
  readonly attempts: number;
  /** Of those attempts whose agents say what they cost. */
  readonly usd: number;
}

/** Of all that have ended, and since when some are at work. */
export interface Spent extends Spending {
  /** While at least one was at work. */
  readonly workedMs: number;
  readonly atWork: number;
  /** ISO 8601. */
  readonly since?: string;
}

/** What people have allowed in the place of what the loop says. */
export interface Raised {
  readonly usd?: number;
  readonly attempts?: number;
  readonly wallMs?: number;
}

/** What a task may spend that has begun, or is about to; a bound that is not there is absent. */
export interface Allowance {
  readonly attempts?: number;
  readonly usd?: number;
}

/** Of an execution that what concerns its budget. */
interface Ledger {
  spent?: Spent;
  raised?: Raised;
  /** Of the tasks that are under way, by their ids. */
  allowed?: Readonly<Record<string, Allowance>>;
}
interface Spender {
  readonly spec: { readonly loop: { readonly budget?: Budget } };
  readonly record: Ledger;
}

const NOTHING: Spent = { attempts: 0, usd: 0, workedMs: 0, atWork: 0 };

export function workBegins(record: Ledger, now: string): void {
  const before = record.spent ?? NOTHING;
  record.spent = {
    ...before,
    atWork: before.atWork + 1,
    ...(before.atWork === 0 && { since: now }),
  };
}

export function workEnds(record: Ledger, { attempts, usd }: Spending, now: string): void {
  const { since, ...before } = record.spent ?? NOTHING;
  const atWork = Math.max(0, before.atWork - 1);
  const isLast = atWork === 0 && since !== undefined;
  record.spent = {
    attempts: before.attempts + attempts,
    usd: before.usd + usd,
    workedMs: before.workedMs + (isLast ? Math.max(0, Date.parse(now) - Date.parse(since)) : 0),
    atWork,
    ...(atWork > 0 && since !== undefined && { since }),
  };
}

/** What may be spent in all; a bound that is not there is absent. */
function boundsOf({ spec: { loop }, record: { raised = {} } }: Spender) {
  const { usd, attempts, wall } = loop.budget ?? {};
  return {
    ...(usd !== undefined && { usd: raised.usd ?? usd }),
    ...(attempts !== undefined && { attempts: raised.attempts ?? attempts }),
    ...(wall !== undefined && { wallMs: raised.wallMs ?? wall }),
  };
}

/** In words, where nothing more is begun; undefined where there is something left. */
export function problemWithBudget(execution: Spender): string | undefined {
  const { usd, attempts, wallMs } = boundsOf(execution);
  const spent = execution.record.spent ?? NOTHING;
  const parts = [
    ...(usd !== undefined && spent.usd >= usd ? [`${spent.usd.toFixed(2)} of ${usd} USD`] : []),
    ...(attempts !== undefined && spent.attempts >= attempts
      ? [`${spent.attempts} of ${attempts} attempts`]
      : []),
    ...(wallMs !== undefined && spent.workedMs >= wallMs
      ? [`${spanText(Math.round(spent.workedMs / 1_000) * 1_000)} of ${spanText(wallMs)} of work`]
      : []),
  ];
  return parts.length === 0 ? undefined : `the budget of the loop is spent: ${parts.join(', ')}`;
}

/**
 * What so many tasks may spend that are to begin beside each other: equal parts of what is neither spent nor allowed to others.
 * @returns one for each that can begin now: the rest waits until some of those have ended
 */
export function allowancesFor(execution: Spender, count: number): readonly Allowance[] {
  const { usd, attempts } = boundsOf(execution);
  const { spent = NOTHING, allowed = {} } = execution.record;
  const others = Object.values(allowed);
  const sumOf = (key: keyof Allowance) => others.reduce((sum, one) => sum + (one[key] ?? 0), 0);
  const freeAttempts = attempts === undefined ? undefined : attempts - spent.attempts - sumOf('attempts');
  const freeUsd = usd === undefined ? undefined : usd - spent.usd - sumOf('usd');
  const most = Math.min(
    count,
    freeAttempts === undefined ? count : Math.max(0, freeAttempts),
    freeUsd === undefined ? count : Math.max(0, Math.floor(freeUsd / CENT)),
  );
  // Where nothing is under way that could free something, one begins with what little is left.
  const length = others.length === 0 ? Math.max(most, Math.min(1, count)) : most;
  return Array.from({ length }, (_, at) => ({
    ...(freeAttempts !== undefined && {
      attempts: Math.min(partOf(freeAttempts, length, at), LIMITS.attemptsPerTaskMax),
    }),
    ...(freeUsd !== undefined && { usd: freeUsd / length }),
  }));
}

/** The first get what cannot be divided. */
const partOf = (whole: number, parts: number, at: number): number =>
  Math.floor(whole / parts) + (at < whole % parts ? 1 : 0);

export function allow(record: Ledger, task: string, allowance: Allowance): void {
  record.allowed = { ...record.allowed, [task]: allowance };
}

/** It has ended: what it did not spend is free again. */
export function endAllowance(record: Ledger, task: string): void {
  const { [task]: _, ...others } = record.allowed ?? {};
  if (Object.keys(others).length === 0) delete record.allowed;
  else record.allowed = others;
}

/** A task gets no more than is left, or than it is allowed. */
export function within(execution: Spender, policy: Partial<Policy>, allowance?: Allowance): Partial<Policy> {
  const bounds = boundsOf(execution);
  const { spent = NOTHING } = execution.record;
  const [usd, attempts] = [
    bounds.usd === undefined || allowance === undefined ? bounds.usd : spent.usd + (allowance.usd ?? 0),
    bounds.attempts === undefined || allowance === undefined
      ? bounds.attempts
      : spent.attempts + (allowance.attempts ?? 0),
  ];
  const least = (one: number | undefined, left: number | undefined) =>
    left === undefined ? one : Math.min(one ?? Number.POSITIVE_INFINITY, left);
  const attemptsMax = least(
    policy.attemptsMax,
    attempts === undefined ? undefined : Math.min(Math.max(1, attempts - spent.attempts), ATTEMPTS_DEFAULT),
  );
  const costUsdMax = least(
    policy.costUsdMax,
    usd === undefined ? undefined : Math.max(CENT, usd - spent.usd),
  );
  return {
    ...policy,
    ...(attemptsMax !== undefined && { attemptsMax }),
    ...(costUsdMax !== undefined && { costUsdMax }),
  };
}

const CENT = 0.01;
/** Of a task that is told none (`Policy`). */
const ATTEMPTS_DEFAULT = 6;

/** For people: what was spent, beside what may be. */
export function spendingOf(execution: Spender) {
  const { spent } = execution.record;
  if (spent === undefined) return undefined;
  const { usd, attempts, wallMs } = boundsOf(execution);
  return {
    attempts: spent.attempts,
    usd: Math.round(spent.usd * 10_000) / 10_000,
    workedMs: spent.workedMs,
    ...(attempts !== undefined && { attemptsMax: attempts }),
    ...(usd !== undefined && { usdMax: usd }),
    ...(wallMs !== undefined && { wallMsMax: wallMs }),
  };
}
