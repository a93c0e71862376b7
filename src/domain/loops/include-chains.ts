/** Which loops are part of themselves, by what they include. Pure. */

/**
 * From each of the others that lead to it, the way to `one`: the next on it, where one leads on.
 * @param includers of a loop those that include it
 */
export function nextTowards<T>(one: T, includers: (loop: T) => readonly T[]): ReadonlyMap<T, T> {
  const next = new Map<T, T>();
  for (let reached: readonly T[] = [one]; reached.length > 0; ) {
    const further: T[] = [];
    for (const loop of reached)
      for (const includer of includers(loop)) {
        if (next.has(includer)) continue;
        next.set(includer, loop);
        further.push(includer);
      }
    reached = further;
  }
  return next;
}

/** The shortest way from `one` by way of what it includes back to it, both ends named; undefined where there is none. */
export function chainBack<T>(one: T, included: T, next: ReadonlyMap<T, T>): readonly T[] | undefined {
  if (included === one) return [one, one];
  if (!next.has(included)) return undefined;
  const chain = [one, included];
  for (let at = next.get(included); at !== undefined && chain.length <= next.size + 1; at = next.get(at)) {
    chain.push(at);
    if (at === one) break;
  }
  return chain;
}
