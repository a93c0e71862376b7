/** How closely maintenance looks: the closer, the sooner something counts as stale or as over for long. */
export const LEVELS = ['basic', 'comprehensive', 'full_audit'] as const;
export type Level = (typeof LEVELS)[number];

const HOUR_MS = 3_600_000;

/** In progress without a word for this long is stale. */
export const STALE_MS: Readonly<Record<Level, number>> = {
  basic: 24 * HOUR_MS,
  comprehensive: 8 * HOUR_MS,
  full_audit: HOUR_MS,
};

/** Over for this long may be put away. */
export const CLEANED_AFTER_DAYS: Readonly<Record<Level, number>> = {
  basic: 30,
  comprehensive: 7,
  full_audit: 1,
};

export const DAY_MS = 24 * HOUR_MS;
