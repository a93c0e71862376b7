import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCents, isFree, total } from '../src/price-list.js';

test('adds up a list', () => {
  assert.deepEqual(total(['4.50', 0, '1 200']), { cents: 120_450, free: 1, missing: 0 });
});

test('a missing price is not free', () => {
  assert.equal(isFree(''), false);
  assert.deepEqual(total(['', '2']), { cents: 200, free: 0, missing: 1 });
});

test('shows cents as people read them', () => {
  assert.equal(formatCents(450), '4.50');
  assert.equal(formatCents(-5), '-0.05');
});
