import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLoops } from '../../../src/adapters/loops/find-loops.ts';
import { homeWith } from './sources-rig.ts';

it.each([
  ['change', ['plan', 'build', 'review', 'ship']],
  ['careful', ['build', 'look-read', 'look-report', 'decide', 'ship']],
])('the example %s of README.md is a loop', async (name, phases) => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  const file = `.pawl/loops/${name}.yaml`;
  const text = readme.split('```yaml\n').find((block) => block.startsWith(`# ${file}\n`)) ?? '';
  const { read } = await createLoops(homeWith(), undefined).check(file, text.split('```')[0] ?? '');
  expect(read.ok ? read.loop.phases.map(({ id }) => id) : read.faults).toEqual(phases);
});
