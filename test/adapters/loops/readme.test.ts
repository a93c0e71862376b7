import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loopOf } from './loop-rig.ts';

it('the example of README.md is a loop', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
  const [, text = ''] = /\n## Loops\n[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(loopOf(text).phases.map(({ id }) => id)).toEqual(['plan', 'build', 'review', 'ship']);
});
