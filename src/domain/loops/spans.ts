/** How long something may take, as people write it: `90s`, `10m`, `6h`, `3d`. Pure. */
import { z } from 'zod';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
const DAYS_MAX = 365;

const isUnit = (letter: string): letter is keyof typeof UNIT_MS => letter in UNIT_MS;

/** Milliseconds; undefined for a text that is no span, for none at all and for more than a year. */
function spanMs(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (!isUnit(unit)) return undefined;
  const ms = Number(count) * UNIT_MS[unit];
  return ms > 0 && ms <= DAYS_MAX * UNIT_MS.d ? ms : undefined;
}

const EXPECTED = `expected a span of time such as 90s, 10m, 6h or 3d, at most ${DAYS_MAX}d`;

/** In milliseconds once it is read. */
export const Span = z
  .string({ error: EXPECTED })
  .meta({ pattern: '^\\d{1,9}[smhd]$', examples: ['10m', '6h', '3d'] })
  .transform((text, context) => {
    const ms = spanMs(text);
    if (ms !== undefined) return ms;
    context.issues.push({ code: 'custom', message: EXPECTED, input: text });
    return z.NEVER;
  });

/** In the largest unit that has it whole: 600,000 is `10m`. */
export function spanText(ms: number): string {
  if (ms === 0) return '0s';
  const units = Object.entries(UNIT_MS).toReversed();
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
