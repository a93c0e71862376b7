/** Whether two edges say the same: each has times, ids and words of its own, and a tool leaves fields out. */
import type { EdgeName } from './edges.ts';

/** An answer without times, ids and tokens of its own. */
export const withoutOwn = (answer: unknown, own: EdgeName): unknown =>
  JSON.parse(
    JSON.stringify(answer)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
      .replaceAll(/session-[0-9a-f]{16}/g, 'session')
      .replaceAll(/(?<=")[0-9a-f]{32}(?=")/g, 'hex')
      .replaceAll(/(?<=code(?:=|":"))[\w-]{22}(?=")/g, 'code')
      .replaceAll(new RegExp(`(?<=[-/])${own}\\b`, 'g'), 'own'),
  );

/** Both, with the fields that both have. */
export function common(one: unknown, other: unknown): [unknown, unknown] {
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    const pairs = one.map((item, index) => common(item, other[index]));
    return [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
  }
  if (!isObject(one) || !isObject(other)) return [one, other];
  const shared = Object.keys(one).filter((key) => key in other);
  // Nothing in common would be equal to anything.
  if (shared.length === 0) return [one, other];
  const pairs = shared.map((key) => [key, common(one[key], other[key])] as const);
  return [
    Object.fromEntries(pairs.map(([key, [left]]) => [key, left])),
    Object.fromEntries(pairs.map(([key, [, right]]) => [key, right])),
  ];
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
