/** Tokens and cost as people read them. */
import type { RowFacts } from '../../domain/row-facts.ts';

const COUNT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const MONEY = new Intl.NumberFormat(undefined, {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 4,
});

/** Undefined where no agent has told any. */
export function usageText(usage: RowFacts['usage']): string | undefined {
  if (usage === undefined) return undefined;
  const tokens = `${COUNT.format(usage.tokens)} tokens`;
  return usage.costUsd === undefined ? tokens : `${tokens} · ${MONEY.format(usage.costUsd)}`;
}
