/** Texts of others stay texts in a Markdown document. */
import { expect, it } from 'vitest';
import { inline, quoted } from '../../../../src/edge/compat/orchestrator/markdown.ts';

it.each([
  ['plain words, done in 2 days!', 'plain words, done in 2 days!'],
  ['  over\n\n two\tlines ', 'over two lines'],
  ['*bold* and _thin_ but snake_case', String.raw`\*bold\* and \_thin\_ but snake_case`],
  ['`code` \\ ~~gone~~', String.raw`\`code\` \\ \~\~gone\~\~`],
  ['[link](http://example.org) ![image](x)', String.raw`\[link\](http://example.org) !\[image\](x)`],
  ['<script>alert(1)</script>', String.raw`\<script\>alert(1)\</script\>`],
  ['AT&T & &lt; &#60;', String.raw`AT&T & \&lt; \&\#60;`],
  ['# heading', String.raw`\# heading`],
  ['> quote', String.raw`\> quote`],
  ['- item', String.raw`\- item`],
  ['+ item', String.raw`\+ item`],
  ['---', String.raw`\---`],
  ['===', String.raw`\===`],
  ['1. first', String.raw`1\. first`],
  ['12) twelfth', String.raw`12\) twelfth`],
  ['1.5 litres', String.raw`1\.5 litres`],
  ['Zürich 🚲 研究_室', 'Zürich 🚲 研究_室'],
  ['', ''],
])('%j is shown by %j', (text, shown) => {
  expect(inline(text)).toBe(shown);
});

it('clips what is long before it is marked, so that no mark is cut in half', () => {
  expect(inline('*'.repeat(5_000))).toBe(`${String.raw`\*`.repeat(199)}…`);
});

it.each([
  ['one line', '> one line'],
  ['# a\n\n```\nunclosed\r\n## b\n', '> # a\n>\n> ```\n> unclosed\n> ## b'],
  ['<!-- open\rto the end', '> <!-- open\n> to the end'],
])('%j is quoted as %j', (text, quote) => {
  expect(quoted(text)).toBe(quote);
});
