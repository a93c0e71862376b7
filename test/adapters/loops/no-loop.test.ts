import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLoopText } from '../../../src/adapters/loops/loop-text.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { changed, faultsOf } from './loop-rig.ts';

describe('what is no YAML for people', () => {
  const bomb = [
    'a: &a [x, x]',
    ...Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n === 0 ? 'a' : `b${n - 1}`}, *a]`),
  ];
  it.each<[what: string, content: string | Uint8Array, words: string]>([
    ['aliases', bomb.join('\n'), 'x.yaml:2: aliases are not allowed'],
    ['a key twice', changed('budget:', 'loop: other\nbudget:'), 'x.yaml:5: Map keys must be unique'],
    ['tabs', 'loop: x\nphases:\n\t- id: a\n', 'indent with spaces'],
    ['merge keys', changed('budget:', '<<: { title: x }\nbudget:'), 'x.yaml:5 <<: is not a known key'],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('loop: x\n# '), Buffer.from([0xff, 0xfe])]),
      'x.yaml:1: expected text in UTF-8',
    ],
    ['UTF-16', Buffer.from('loop: x', 'utf16le'), 'x.yaml:1: expected text, got a NUL'],
    [
      'a huge file',
      `loop: x\n# ${'x'.repeat(LIMITS.loopCharsMax)}`,
      `expected at most ${LIMITS.loopCharsMax} characters`,
    ],
    [
      'a larger one',
      Buffer.alloc(8 * LIMITS.loopCharsMax, 'x'),
      `expected at most ${LIMITS.loopCharsMax} characters`,
    ],
    ['a list', '- loop: x\n', 'x.yaml:1: expected a loop: keys such as'],
    ['a word', 'feature', 'x.yaml:1: expected a loop'],
    ['nothing', '', 'x.yaml:1: expected a loop'],
    ['comments alone', '# loop: x\n', 'x.yaml:1: expected a loop'],
    ['two documents', 'loop: x\n---\nloop: y\n', 'x.yaml:2: '],
    ['a tag', 'loop: !!js/function x\nphases: []', 'x.yaml:1: Unresolved tag'],
    ['deep nesting', `loop: ${'['.repeat(50_000)}`, 'x.yaml:1: is nested too deep'],
    ['dashes in dashes', `loop: x\nphases:\n  ${'- '.repeat(50_000)}`, 'x.yaml:3: is nested too deep'],
    ['a program in place of a text', 'loop: { a: b }\nphases: []', 'x.yaml:1 loop: expected an id'],
    ['a prototype', '__proto__: { loop: x }\nphases: []', 'x.yaml:1 __proto__: is not a known key'],
  ])('%s', (_, content, words) => {
    expect(faultsOf(content).join('\n')).toContain(words);
  });
});

it('whatever the text, there is a loop or faults with lines of it', () => {
  const pieces = constantFrom(
    'loop: x',
    'phases:',
    '  - id: a',
    '    skills: [{ id: b, manual: true }]',
    ' {',
    '}',
    '\t',
    'enum(',
    'string[]',
    '"',
    '\n',
    '{ a: string[] }',
    '{ e: enum(a, b) }',
    '*a',
    '&a',
    '- ',
    ': ',
    '|',
  );
  const text = array(tuple(pieces, string({ maxLength: 4 }), constantFrom('\n', ' ', '')), {
    maxLength: 12,
  }).map((all) => all.flat().join(''));
  assert(
    property(text, (written) => {
      const read = readLoopText('x.yaml', written).read();
      if (read.ok) return;
      expect(read.faults.length).toBeGreaterThan(0);
      const lines = written.split('\n').length;
      for (const { line } of read.faults) expect(line >= 1 && line <= lines + 1).toBe(true);
    }),
    { numRuns: 300 },
  );
});
