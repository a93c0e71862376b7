/** What an agent prints is any bytes at all: they become lines of bounded length, and lines become protocol or log. */
import { StringDecoder } from 'node:string_decoder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLineOf } from '../../../../src/adapters/agents/command/protocol.ts';
import { createLineSplitter } from '../../../../src/adapters/programs/line-splitter.ts';
import { LIMITS } from '../../../../src/domain/limits.ts';

function linesOf(texts: readonly string[], charsMax = 100): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter(charsMax, (line) => lines.push(line));
  for (const text of texts) splitter.push(text);
  splitter.end();
  return lines;
}

/** A text and the same text in pieces. */
const inPieces = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', '{', '\n', '\r', '🚲') }), fc.array(fc.nat({ max: 40 })))
  .map(([text, cuts]) => {
    const at = [0, ...cuts.filter((cut) => cut <= text.length).sort((a, b) => a - b), text.length];
    return { text, pieces: at.slice(1).map((end, index) => text.slice(at[index], end)) };
  });

describe('lines', () => {
  it('are the same however the text is cut into pieces', () => {
    fc.assert(
      fc.property(inPieces, ({ text, pieces }) => {
        const expected = text.split(/\r\n|\r|\n/);
        if (expected.at(-1) === '') expected.pop();
        expect(linesOf(pieces, 1_000)).toEqual(expected);
      }),
    );
  });

  it('are never longer than they may be, and begin as they did', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 200 })), (texts) => {
        const full = linesOf(texts, 100_000);
        const cut = linesOf(texts, 100);
        expect(cut).toHaveLength(full.length);
        for (const [index, line] of cut.entries()) {
          expect(line.length).toBeLessThanOrEqual(100);
          if ((full[index]?.length ?? 0) <= 100) expect(line).toBe(full[index]);
          else expect(line).toMatch(/ … \[the rest of this line was dropped\]$/);
        }
      }),
    );
  });

  it('that never end are given on once, as soon as they are too long', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter(100, (line) => lines.push(line));
    for (let part = 0; part < 1_000; part += 1) splitter.push('x'.repeat(50));
    expect(lines).toHaveLength(1);
    splitter.push('\nnext\n');
    splitter.end();
    expect(lines.slice(1)).toEqual(['next']);
  });
});

describe('a line', () => {
  it('of any bytes is protocol or log, never an error', () => {
    const nearly = fc.json().map((json) => `{"type":"checkpoint","completed":${json}}`);
    const bytes = fc
      .uint8Array({ maxLength: 300 })
      .map((array) => new StringDecoder('utf8').write(Buffer.from(array)));
    fc.assert(
      fc.property(fc.oneof(bytes, nearly, fc.json(), fc.string({ unit: 'binary' })), (text) => {
        for (const line of linesOf([text], 200)) commandLineOf(line);
      }),
    );
  });

  it('of the protocol is understood, whatever else it holds and whatever stands before it', () => {
    const said = { type: 'result', summary: 'done it', status: 'done', cost: 3 };
    expect(commandLineOf(`  ${JSON.stringify(said)}`)).toEqual({
      type: 'result',
      summary: 'done it',
      status: 'done',
    });
    expect(commandLineOf('{"type":"checkpoint","next":["b"]}')).toEqual({
      type: 'checkpoint',
      completed: [],
      next: ['b'],
    });
  });

  it.each([
    '{"type":"result","summary":"x","status":"perfect"}',
    '{"type":"result","status":"done"}',
    '{"type":"progress","text":7}',
    '{"type":"checkpoint","completed":[1]}',
    '{"type":"started","pid":1}',
    '{"type":"__proto__"}',
    '["progress"]',
    'null',
    '{',
    '{"a":'.repeat(10_000),
    '',
  ])('%.40s is log', (line) => {
    expect(commandLineOf(line)).toBeUndefined();
  });

  it('cannot say more than a checkpoint may hold', () => {
    const item = 'x'.repeat(10_000);
    const line = JSON.stringify({
      type: 'checkpoint',
      completed: Array.from({ length: 500 }, () => item),
      next: [],
    });
    const heard = commandLineOf(line);
    expect(heard?.type === 'checkpoint' && heard.completed.length).toBe(LIMITS.checkpointItemsMax);
    expect(JSON.stringify(heard).length).toBeLessThan(12_000);
  });
});
