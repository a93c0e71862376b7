/** How much the engine keeps in memory of each execution: a row, whatever agents have said and returned. */
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { rowOfExecution } from '../../src/domain/executions/execution-rows.ts';
import type { ExecutionState } from '../../src/domain/executions/execution-state.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { Driven } from '../domain/executions/driven.ts';
import { phase, skill } from '../domain/executions/written-loops.ts';

/** One of so many skills, each of which has returned, said and noted texts of this length. */
function stateOf(chars: number): ExecutionState {
  const ids = ['a', 'b', 'c'];
  const one = new Driven([
    phase(
      'p',
      ids.map((id) => skill(id, { returns: { text: 'string' } })),
    ),
  ]);
  for (const id of ids) {
    const text = id.repeat(chars);
    one.do('update', { note: text.slice(0, LIMITS.noteCharsMax) });
    one.do('complete', { skill: id, summary: text.slice(0, LIMITS.summaryCharsMax), outputs: { text } });
  }
  return one.state;
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const LITTLE = stateOf(1);
const MUCH = stateOf(LIMITS.valueCharsMax);

it('is a row of the same size however much its skills come to', () => {
  expect(bytesOf(MUCH)).toBeGreaterThan(10 * bytesOf(LITTLE));
  expect(bytesOf(rowOfExecution(MUCH))).toBe(bytesOf(rowOfExecution(LITTLE)));
});

/** In a process of its own, whose heap holds nothing else. */
async function heapBytesFor(state: ExecutionState): Promise<number> {
  const program = join(import.meta.dirname, 'fixtures', 'keeps-executions.ts');
  const { stdout } = await execa(process.execPath, ['--expose-gc', program], {
    input: JSON.stringify(state),
  });
  const { bytes, total } = JSON.parse(stdout);
  expect(total).toBe(3_000);
  return bytes;
}

it('takes at most 2 KB of the heap for each that is not among the last thousand, however much', async () => {
  for (const state of [LITTLE, MUCH]) {
    const bytes = await heapBytesFor(state);
    expect(bytes).toBeGreaterThan(100);
    expect(bytes).toBeLessThan(2 * 1024);
  }
}, 60_000);
