/** Blocks of JSON in lines as they come. */
import { expect, it } from 'vitest';
import { createBlockReader } from '../../../src/adapters/agents/returned-json.ts';

const heard = (text: string) => {
  const { hear } = createBlockReader();
  return text.split('\n').map((line) => hear(line));
};

it.each([
  ['a block', '```json\n{"a": 1,\n "b": "`x`"}\n```', { outputs: { a: 1, b: '`x`' } }],
  ['one without a language, indented', 'so:\n  ```\n  {"a":2}\n  ```', { outputs: { a: 2 } }],
  [
    'one that is too large',
    `\`\`\`json\n{"a": "${'x'.repeat(40_000)}",\n"b": "${'x'.repeat(40_000)}"}\n\`\`\``,
    { outputsChars: 80_019 },
  ],
  ['no object', '```json\n[1]\n```', undefined],
  ['what is no JSON', '```json\n{"a"\n```', undefined],
  ['one that is not closed', '```json\n{"a":1}', undefined],
  ['one of another language', '```js\n{"a":1}\n```', undefined],
])('%s', (_, text, expected) => {
  expect(heard(text).at(-1)).toEqual(expected);
});
