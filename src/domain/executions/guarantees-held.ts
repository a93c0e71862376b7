/** Whether what is guaranteed holds, by what the engine saw and what a person has resolved. Pure. */
import type { Guarantee } from '../loops/guarantees.ts';
import type { Evidence } from '../task-state.ts';
import type { Found, Resolution } from './execution-record.ts';

/** What was seen for a skill or a gate, and what a person has resolved of it. */
interface Seen {
  readonly found?: readonly Found[];
  readonly evidence?: readonly Evidence[];
  readonly resolutions: Readonly<Record<string, Resolution>>;
}

/** Required ones that do not hold: seen so or not seen yet, and resolved by nobody. */
const missingOf = (guarantees: readonly Guarantee[], seen: Seen): readonly Guarantee[] =>
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

export const failedIn = ({ evidence = [] }: Pick<Seen, 'evidence'>): readonly Evidence[] =>
  evidence.filter(({ passed }) => !passed);

/** Why what was seen does not pass, in words: a check failed, or something is not as guaranteed; undefined where it does. */
export function problemSeen(guarantees: readonly Guarantee[], seen: Seen): string | undefined {
  const failed = failedIn(seen).map(({ name }) => name);
  if (failed.length > 0) return `${failed.join(', ')} failed`;
  const missing = missingOf(guarantees, seen);
  if (missing.length === 0) return undefined;
  const told = missing.map(({ id }) => {
    const errors = foundOf(seen, id)?.errors ?? [];
    return errors.length === 0 ? id : `${id} (${errors.join('; ')})`;
  });
  return `${missing.length} guarantee(s) failed: ${told.join(', ')}`;
}
