import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrice } from '../src/price-list.js';

test('reads what people type', () => {
  assert.equal(parsePrice('4.50'), 450);
  assert.equal(parsePrice('4,5'), 450);
  assert.equal(parsePrice('1 200'), 120_000);
});

test('nothing typed is no price', () => {
  assert.equal(parsePrice(''), null);
  assert.equal(parsePrice(undefined), null);
});

test('zero is a price', () => {
  assert.equal(parsePrice(0), 0);
  assert.equal(parsePrice('0'), 0);
});

test('refuses what is no price', () => {
  assert.throws(() => parsePrice('four'), TypeError);
});
