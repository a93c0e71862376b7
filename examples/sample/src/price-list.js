import { isFree, isMissing } from './kinds.js';
import { parsePrice } from './parse-price.js';

export { formatCents } from './format-cents.js';
export { isFree, isMissing, parsePrice };

/** The sum of a list, with the number of entries that cost nothing and of those without a price. */
export function total(entries) {
  const prices = entries.map(parsePrice);
  return {
    cents: prices.reduce((sum, price) => sum + (price ?? 0), 0),
    free: prices.filter(isFree).length,
    missing: prices.filter(isMissing).length,
  };
}
