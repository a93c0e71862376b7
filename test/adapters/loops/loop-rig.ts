/** The example of a loop, and what reading a text of one comes to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readLoopText } from '../../../src/adapters/loops/loop-text.ts';
import { faultText, refusalOfFaults } from '../../../src/domain/loops/found-loop.ts';

export const EXAMPLE = readFileSync(
  join(import.meta.dirname, '..', '..', 'fixtures', 'loops', 'feature.yaml'),
  'utf8',
);

/** `file:line path: message` of each. */
export const faultsOf = (content: string | Uint8Array): readonly string[] => {
  const read = readLoopText('x.yaml', content).read();
  return read.ok ? [] : read.faults.map(faultText);
};
export const loopOf = (content: string) => {
  const read = readLoopText('x.yaml', content).read();
  if (!read.ok) throw refusalOfFaults(read.faults);
  return read.loop;
};

/** One line of the example is another. */
export const changed = (from: string | RegExp, to: string): string => {
  expect(EXAMPLE).toMatch(from);
  return EXAMPLE.replace(from, to);
};
