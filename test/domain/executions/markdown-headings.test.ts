/** Sections of Markdown, as people write them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { headingsIn, missingSections } from '../../../src/domain/executions/markdown-headings.ts';

it.each([
  ['# A\n## B ##\n###### C', ['A', 'B', 'C']],
  ['   # A', ['A']],
  ['#hash\n    # code\n####### seven', []],
  ['A\n===\nB b\n---\n\n---\n', ['A', 'B b']],
  ['```md\n# A\n```\n# B\n~~~\n# C', ['B']],
  ['````\n```\n# A\n````\n# B', ['B']],
  ['# C#\r\n#\r\n# D #\r\n', ['C#', '', 'D']],
])('%j', (text, headings) => {
  expect(headingsIn(text)).toEqual(headings);
});

it('are found however they are capitalized and spaced', () => {
  expect(missingSections(['Known  RISKS', 'Plan'], ['known risks', '## Plan', 'Cost'])).toEqual(['Cost']);
});

it('are read at once, whatever the text', () => {
  const parts = fc.array(fc.constantFrom('#', ' ', '=', '-', '`', '~', '\n', 'a', '\t'), { maxLength: 400 });
  fc.assert(fc.property(parts, (all) => headingsIn(all.join('')).length <= all.length + 1));
  const begin = performance.now();
  for (const text of ['#'.repeat(1e6), ` #${' '.repeat(1e6)}#a`, '-'.repeat(1e6), `# ${'# '.repeat(5e5)}x`])
    headingsIn(text);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
