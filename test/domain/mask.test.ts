/** Whatever a secret is, however it is written and wherever the output is cut: it is not shown, and nothing else is changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMask, MASKED, maskAll } from '../../src/domain/mask.ts';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');
const percent = (text: string) =>
  [...bytesOf(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const wrapped = (columns: number, end: string) => (text: string) =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(end);
const ascii = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const json = (text: string) => JSON.stringify(text).slice(1, -1);

/** How programs write a value, each way by its own function of this platform. `before` and `after` stand around it. */
const WAYS: Readonly<Record<string, (value: string, before: string, after: string) => string>> = {
  'as it is': (value, before, after) => before + value + after,
  'in JSON': (value, before, after) => json(before + value + after),
  'in ASCII JSON': (value, before, after) => ascii(before + value + after),
  'in JSON of PHP': (value) => json(value).replaceAll('/', '\\/'),
  'in JSON within JSON': (value, before, after) => json(json(before + value + after)),
  'as a URL component': (value, before, after) => encodeURIComponent(before + value + after),
  'as a URL component in lower case': (value) =>
    encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase()),
  'as a form': (value, before, after) => new URLSearchParams({ q: before + value + after }).toString(),
  'in a URL, every byte': (value) => percent(value),
  'in base64': (value, before, after) => bytesOf(before + value + after).toString('base64'),
  'in base64 without padding': (value) => bytesOf(value).toString('base64').replace(/=+$/, ''),
  'in base64url': (value, before, after) => bytesOf(before + value + after).toString('base64url'),
  'in base64 in a URL': (value) => encodeURIComponent(bytesOf(value).toString('base64')),
  'in base64 of 76 columns': (value, before, after) =>
    wrapped(76, '\n')(bytesOf(before + value + after).toString('base64')),
  'in base64 of 64 columns': (value, before, after) =>
    wrapped(64, '\r\n')(bytesOf(before + value + after).toString('base64')),
  'in base64 of 76 columns in JSON': (value, before, after) =>
    json(wrapped(76, '\n')(bytesOf(before + value + after).toString('base64'))),
};

const VALUE = fc.oneof(
  fc.string({ minLength: 8, maxLength: 200, unit: 'grapheme-ascii' }),
  fc.string({ minLength: 8, maxLength: 40, unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.stringMatching(/^[A-Za-z0-9+/_-]{20,120}={0,2}$/),
  fc.constantFrom(
    'a b/c+d%e"f\\g\nh',
    'pässwörd🚲🚲',
    '\\\\\\\\\\\\\\\\',
    '--------',
    '%41%42%43',
    'ä'.repeat(8),
  ),
);
const AROUND = fc.string({ maxLength: 12 });
const WAY = fc.constantFrom(...Object.keys(WAYS));
const CUTS = fc.array(fc.nat(30), { maxLength: 30 });

function inChunks(values: readonly string[], text: string, cuts: readonly number[]): string {
  const stream = createMask(values).stream();
  let out = '';
  let rest = text;
  for (const cut of cuts) {
    out += stream.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return out + stream.push(rest) + stream.end();
}

/** What somebody would read out of a text, in each way of writing. */
function readIn(text: string): readonly string[] {
  const unescaped = (one: string) =>
    one.replace(/\\u([\da-f]{4})|\\(.)/gi, (_, hex, sign) =>
      hex === undefined
        ? ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[sign as string] ?? sign)
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  const unpercented = (one: string) =>
    Buffer.from(
      one.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  const runs = text.replace(/\\[rn]|[\r\n]/g, '').match(/[\w+/-]{8,}/g) ?? [];
  const decoded = runs.flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('utf8')),
  );
  return [
    text,
    unescaped(text),
    unescaped(unescaped(text)),
    unpercented(text),
    unpercented(text.replaceAll('+', ' ')),
    ...decoded,
  ];
}

describe('a secret', () => {
  it.each(Object.keys(WAYS))('is not shown when it is written %s, wherever the output is cut', (way) => {
    fc.assert(
      fc.property(VALUE, AROUND, AROUND, CUTS, (value, before, after, cuts) => {
        const text = `${before}|${WAYS[way]?.(value, before, after)}|${after}`;
        const shown = inChunks([value], text, cuts);
        expect(shown).toContain(MASKED);
        expect(shown).toBe(createMask([value]).text(text));
        fc.pre(!readIn(`${before}|${MASKED}|${after}`).some((read) => read.includes(value)));
        expect(readIn(shown).filter((read) => read.includes(value))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('is not shown among others, in any order and overlap', () => {
    fc.assert(
      fc.property(
        fc.array(VALUE, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(WAY, fc.nat(3), AROUND)),
        CUTS,
        (values, parts, cuts) => {
          const text = parts
            .map(([way, index, around]) => WAYS[way]?.(values[index % values.length] ?? '', around, around))
            .join('');
          const shown = inChunks(values, text, cuts);
          expect(shown).toBe(createMask(values).text(text));
          for (const value of values) if (!MASKED.includes(value)) expect(shown).not.toContain(value);
        },
      ),
    );
  });

  it('is one mark where it overlaps with itself or another, and two where it comes twice', () => {
    const mask = createMask(['--------', 'postgres://me:hunter22@db', 'hunter22', 'r22@db.example']);
    expect(mask.text(`a ${'-'.repeat(1_000)} b`)).toBe(`a ${MASKED} b`);
    expect(mask.text('to postgres://me:hunter22@db.example now')).toBe(`to ${MASKED} now`);
    expect(mask.text('hunter22hunter22')).toBe(`${MASKED}${MASKED}`);
  });

  it('is not hidden where it is only begun', () => {
    const stream = createMask(['sk-12345678']).stream();
    expect(stream.push('my sk-1234')).toBe('my ');
    expect(stream.push('x, ')).toBe('sk-1234x, ');
    expect(stream.push('sk-1')).toBe('');
    expect(stream.end()).toBe('sk-1');
  });
});

describe('a text without a secret', () => {
  it('is as it was, in chunks too', () => {
    fc.assert(
      fc.property(
        fc.array(VALUE),
        fc.string({ unit: 'binary', maxLength: 300 }),
        CUTS,
        (values, text, cuts) => {
          fc.pre(!createMask(values).text(text).includes(MASKED) || text.includes(MASKED));
          expect(inChunks(values, text, cuts)).toBe(text);
        },
      ),
    );
    const words = createMask(['hunter22', 'sk-ant-api03-abcdefgh']);
    const prose = 'The hunter has 22 keys: sk-ant-api03, %68unter, aHVudGVy and "\\u0068unter".\n'.repeat(
      100,
    );
    expect(words.text(prose)).toBe(prose);
  });

  it('is given on line by line: whole lines wait for nothing', () => {
    const stream = createMask(['sk-ant-api03-abcdefgh', 'correct horse battery']).stream();
    for (const line of ['ready 4711\n', 'a line that ends with c\n', 'c2s\n', '{"type":"result"}\n'])
      expect(stream.push(line)).toBe(line);
  });

  it('is never held back without bound', () => {
    const secret = 'abcdefgh'.repeat(10);
    const stream = createMask([secret]).stream();
    const flood = [
      secret,
      '\n',
      bytesOf(secret).toString('base64').slice(0, 20),
      '\n\n\n\n',
      '\\n'.repeat(20),
      'abcdefg',
    ];
    let given = 0;
    let got = 0;
    for (let round = 0; round < 2_000; round += 1) {
      const chunk = flood[round % flood.length] ?? '';
      given += chunk.length;
      got += stream.push(chunk).length;
    }
    expect(got).toBeGreaterThan(given / 4);
  });
});

it('masks every text in plain data and leaves the rest', () => {
  const mask = createMask(['hunter22']);
  const data = { words: ['is hunter22'], count: 22, nested: { none: null, not: undefined } };
  expect(maskAll(mask, data)).toEqual({ ...data, words: [`is ${MASKED}`] });
  const named = { hunter22: { 'my hunter22': 1 } };
  expect(maskAll(mask, named)).toEqual(named);
  expect(maskAll(mask, named, 'names too')).toEqual({ [MASKED]: { [`my ${MASKED}`]: 1 } });
});
