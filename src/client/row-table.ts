/** Rows in memory: by id, in their order, and by what they are parts of, so that no read sorts or walks over all of them. */

export interface RowTable<R> {
  get(id: string): R | undefined;
  has(id: string): boolean;
  /** Takes the place of the row with its id. */
  set(row: R): void;
  /** @returns whether there was one */
  delete(id: string): boolean;
  /** All of them. */
  inOrder(): readonly R[];
  /** The parts of any of these. */
  partsOf(wholes: readonly string[]): readonly R[];
}

export interface RowTableOptions<R> {
  readonly order: (one: R, other: R) => number;
  /** The id of what it is a part of. */
  readonly wholeOf: (row: R) => string | undefined;
}

export function createRowTable<R extends { readonly id: string }>(
  { order, wholeOf }: RowTableOptions<R>,
  rows: Iterable<R> = [],
): RowTable<R> {
  /** In order, unless `isMixed`. */
  let byId = new Map<string, R>();
  let last: R | undefined;
  let isMixed = false;
  const parts = new Map<string, Set<string>>();

  const leaveWhole = (row: R) => {
    const whole = wholeOf(row);
    if (whole === undefined) return;
    const others = parts.get(whole);
    others?.delete(row.id);
    if (others?.size === 0) parts.delete(whole);
  };
  const joinWhole = (row: R) => {
    const whole = wholeOf(row);
    if (whole === undefined) return;
    const others = parts.get(whole);
    if (others === undefined) parts.set(whole, new Set([row.id]));
    else others.add(row.id);
  };
  const set = (row: R) => {
    const before = byId.get(row.id);
    // Most rows are new ones that began last, or stand where they stood.
    if (before === undefined) {
      if (last !== undefined && order(last, row) > 0) isMixed = true;
      else last = row;
    } else if (order(before, row) !== 0) isMixed = true;
    if (before !== undefined && wholeOf(before) !== wholeOf(row)) leaveWhole(before);
    byId.set(row.id, row);
    joinWhole(row);
  };
  for (const row of rows) set(row);
  return {
    get: (id) => byId.get(id),
    has: (id) => byId.has(id),
    set,
    delete(id) {
      const row = byId.get(id);
      if (row === undefined) return false;
      leaveWhole(row);
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
    partsOf: (wholes) =>
      [...new Set(wholes)].flatMap((whole) =>
        [...(parts.get(whole) ?? [])].flatMap((id) => {
          const row = byId.get(id);
          return row === undefined ? [] : [row];
        }),
      ),
  };
}
