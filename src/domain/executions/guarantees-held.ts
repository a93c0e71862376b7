/** Whether what is guaranteed holds, by what the engine saw and what a person has resolved. Pure. */
import type { Guarantee } from '../loops/guarantees.ts';
import type { Found, Resolution } from './execution-record.ts';

interface Seen {
  readonly found?: readonly Found[];
  readonly resolutions: Readonly<Record<string, Resolution>>;
}

/** Required ones that do not hold: seen so or not seen yet, and resolved by nobody. */
export const missingOf = (guarantees: readonly Guarantee[], seen: Seen): readonly Guarantee[] =>
  guarantees.filter(
    ({ id, required }) => required && !Object.hasOwn(seen.resolutions, id) && !foundOf(seen, id)?.passed,
  );

/** Those that the engine has to look at: not what a person has resolved. */
export const toLookAt = (
  guarantees: readonly Guarantee[],
  { resolutions }: Pick<Seen, 'resolutions'>,
): readonly Guarantee[] => guarantees.filter(({ id }) => !Object.hasOwn(resolutions, id));

export const foundOf = ({ found }: Seen, id: string): Found | undefined =>
  found?.find((one) => one.id === id);

/** In words, of those that do not hold. */
export function missingText(guarantees: readonly Guarantee[], seen: Seen): string {
  const missing = missingOf(guarantees, seen);
  const told = missing.map(({ id }) => {
    const errors = foundOf(seen, id)?.errors ?? [];
    return errors.length === 0 ? id : `${id} (${errors.join('; ')})`;
  });
  return `${missing.length} guarantee(s) failed: ${told.join(', ')}`;
}
