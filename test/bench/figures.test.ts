import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, quantile, tableOf } from '../../bench/figures.ts';

describe('quantile', () => {
  it('is one of the values, with at least its share of them at or below it', () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const found = quantile(all, share);
        expect(all).toContain(found);
        expect(all.filter((one) => one <= found).length).toBeGreaterThanOrEqual(share * all.length - 1e-9);
      }),
    );
  });

  it('needs a value', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

it('shows each group once, with units, aims and what was left out', () => {
  const table = tableOf([
    { group: 'history', name: 'events', value: 17, unit: 'events', aim: '≤ 18' },
    { group: 'history', name: 'bytes', value: 3571, unit: 'bytes' },
    { group: 'rate', name: 'Pawl : bare', value: 0.86234, unit: 'ratio' },
    { group: 'rate', name: 'start', value: null, unit: 's' },
  ]);
  expect(table.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual([
    'history',
    'events 17 events aim ≤ 18',
    'bytes 3571 bytes',
    '',
    'rate',
    'Pawl : bare 0.862 ratio',
    'start left out',
  ]);
});
