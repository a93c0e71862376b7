/** What the bench found, as rows: one list for the table that people read and for `--json`. Pure. */

export interface Figure {
  /** What was measured; rows of one group stand together. */
  readonly group: string;
  readonly name: string;
  /** null where this run left it out. */
  readonly value: number | null;
  readonly unit:
    | 's'
    | 'ms'
    | '/s'
    | 'events'
    | 'bytes'
    | 'MB'
    | 'MB/min'
    | 'calls'
    | 'programs'
    | 'tokens'
    | 'ratio';
  /** What Pawl aims at. Told, never asserted: machines differ. */
  readonly aim?: string;
}

/** The value below which `share` of the values lie (nearest rank). @throws RangeError without values */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('expected at least one value, got none');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The rows under the names of their groups, numbers in a column of their own. */
export function tableOf(figures: readonly Figure[]): string {
  const lines: string[] = [];
  const nameWidth = Math.max(...figures.map(({ name }) => name.length));
  let group: string | undefined;
  for (const figure of figures) {
    if (figure.group !== group) lines.push('', figure.group);
    group = figure.group;
    const { name, unit, aim } = figure;
    const aimed = aim === undefined ? '' : `aim ${aim}`;
    const value =
      figure.value === null
        ? 'left out'.padStart(21)
        : `${textOf(figure.value).padStart(12)} ${unit.padEnd(8)}`;
    lines.push(`  ${name.padEnd(nameWidth)} ${value} ${aimed}`.trimEnd());
  }
  return lines.slice(1).join('\n');
}

/** Three digits say all that a noisy machine knows. */
const textOf = (value: number): string =>
  Number.isInteger(value) || value >= 1_000 ? String(Math.round(value)) : value.toPrecision(3);
