/** Rows in memory: by id, in their order, and by what they name, so that no read sorts or walks over all of them. */

export interface RowTable<R> {
  get(id: string): R | undefined;
  has(id: string): boolean;
  /** Takes the place of the row with its id. */
  set(row: R): void;
  /** @returns whether there was one */
  delete(id: string): boolean;
  /** All of them. */
  inOrder(): readonly R[];
  /** Those that name any of these. */
  naming(names: readonly string[]): readonly R[];
}

export interface RowTableOptions<R> {
  readonly order: (one: R, other: R) => number;
  /** What it may be asked for by. */
  readonly namesIn: (row: R) => readonly string[];
}

export function createRowTable<R extends { readonly id: string }>(
  { order, namesIn }: RowTableOptions<R>,
  rows: Iterable<R> = [],
): RowTable<R> {
  /** In order, unless `isMixed`. */
  let byId = new Map<string, R>();
  let last: R | undefined;
  let isMixed = false;
  const idsByName = new Map<string, Set<string>>();

  const addNames = (row: R) => {
    for (const name of namesIn(row)) {
      const ids = idsByName.get(name);
      if (ids === undefined) idsByName.set(name, new Set([row.id]));
      else ids.add(row.id);
    }
  };
  const dropNames = (row: R) => {
    for (const name of namesIn(row)) {
      const ids = idsByName.get(name);
      ids?.delete(row.id);
      if (ids?.size === 0) idsByName.delete(name);
    }
  };
  const set = (row: R) => {
    const before = byId.get(row.id);
    if (before !== undefined) dropNames(before);
    // Most rows are new ones that began last, or stand where they stood.
    if (before !== undefined) isMixed ||= order(before, row) !== 0;
    else if (last !== undefined && order(last, row) > 0) isMixed = true;
    else last = row;
    byId.set(row.id, row);
    addNames(row);
  };
  for (const row of rows) set(row);
  return {
    get: (id) => byId.get(id),
    has: (id) => byId.has(id),
    set,
    delete(id) {
      const row = byId.get(id);
      if (row !== undefined) dropNames(row);
      return byId.delete(id);
    },
    inOrder() {
      if (isMixed) {
        const sorted = [...byId.values()].sort(order);
        byId = new Map(sorted.map((row) => [row.id, row]));
        last = sorted.at(-1);
        isMixed = false;
      }
      return [...byId.values()];
    },
    naming(names) {
      const ids = new Set(names.flatMap((name) => [...(idsByName.get(name) ?? [])]));
      return [...ids].map((id) => byId.get(id)).filter((row) => row !== undefined);
    },
  };
}
