/** What cannot be sent as it is, is refused as the door refuses it, and nothing is called; all else the door alone looks at. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callNamed } from '../../../src/domain/calls.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import type { Operation } from '../../../src/domain/operation-schemas.ts';
import { type OperationName, operations } from '../../../src/domain/operations.ts';
import { ROUTE_OF } from '../../../src/edge/http/routes.ts';
import { asked, fakeEngine } from '../cli/fake-engine.ts';
import { recorder } from '../mcp/deps.ts';
import { invalid, valid } from './arbitrary.ts';
import { farOf, serve } from './far-engine.ts';

const NAMES = Object.keys(operations) as OperationName[];
afterEach(() => vi.restoreAllMocks());

/** What a caller is told, over HTTP and in the engine's own process. */
async function refusals(name: OperationName) {
  const { calls, engine } = recorder();
  const far = farOf(await serve(engine));
  const told = async (call: Promise<unknown>) => {
    const error = await call.catch((thrown: unknown) => thrown);
    if (!(error instanceof PawlError)) throw error;
    return { code: error.code, details: error.details };
  };
  return async (input: unknown) => {
    const both = {
      far: await told(callNamed(far, name)(input)),
      near: await told(callNamed(asked(engine), name)(input)),
    };
    expect(calls).toEqual([]);
    return both;
  };
}

describe.each(NAMES)('%s', (name) => {
  it('refuses what misses it by one thing, over HTTP as in the process', async () => {
    const told = await refusals(name);
    await fc.assert(
      fc.asyncProperty(invalid(operations[name].input), async (input) => {
        const { far, near } = await told(input);
        expect(near.code).toBe('invalid_input');
        expect({ input, ...far }).toEqual({ input, ...near });
      }),
      { numRuns: 50 },
    );
  });

  it.each([[undefined], [null], ['text'], [7], [true], [[]]])('refuses %j', async (input) => {
    expect((await (await refusals(name))(input)).far).toEqual({ code: 'invalid_input', details: [[]] });
  });

  const { inPath } = ROUTE_OF[name];
  const WRONG = [
    undefined,
    null,
    '',
    '.',
    '..',
    '../x',
    'a/b',
    '%2e%2e',
    'a b',
    'ä',
    5,
    ['one'],
    {},
    '?x',
    '#',
  ];
  it.runIf(inPath.length > 0)('refuses what names no place in its path', async () => {
    const told = await refusals(name);
    const [sound] = fc.sample(valid(operations[name].input), 1);
    for (const field of inPath) {
      for (const wrong of WRONG) {
        const { far, near } = await told({ ...sound, [field]: wrong });
        expect({ wrong, ...far }).toEqual({ wrong, code: 'invalid_input', details: [[field]] });
        expect(far).toEqual(near);
      }
    }
  });
});

it.each([
  ['a number as text', { limit: '10' }, ['limit']],
  ['a flag as text', { archived: 'true' }, ['archived']],
  ['one where a list is taken', { status: 'pending' }, ['status']],
  ['a list where one is taken', { session: ['session-0123456789abcdef'] }, ['session']],
  ['nothing as a text', { text: null }, ['text']],
  ['a number where a text is taken', { text: 10 }, ['text']],
  ['an object where a text is taken', { text: { a: 1 } }, ['text']],
  ['a field that nobody knows', { limits: 10 }, ['limits']],
])('a query is not understood as something else: %s', async (_, input, field) => {
  const { far, near } = await (await refusals('list'))(input);
  expect(far).toEqual({ code: 'invalid_input', details: [field] });
  expect(far).toEqual(near);
});

describe('what JSON does not have', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));

  it.each([
    [{ progress: Number.NaN }, ['progress']],
    [{ context: { count: 3n } }, ['context', 'count']],
    [{ context: { when: new Date(0) } }, ['context', 'when']],
    [{ context: { list: [1, undefined] } }, ['context', 'list', '1']],
    [{ context: { act: () => 1 } }, ['context', 'act']],
    [{ context: { map: new Map() } }, ['context', 'map']],
    [{ context: { '\ud83d': 1 } }, ['context', '\ud83d']],
  ])('is refused where it stands: %o', async (part, path) => {
    const { calls, engine } = recorder();
    const far = farOf(await serve(engine));
    await expect(callNamed(far, 'update')({ id: 'one', ...part })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(`${path.map((key) => key.toWellFormed()).join('.')}: expected`),
      details: [path],
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['a value within itself', cycle],
    ['five thousand lists in each other', deep],
  ])('nor too much of it: %s', async (_, context) => {
    const far = farOf(await serve(fakeEngine()));
    await expect(callNamed(far, 'update')({ id: 'one', context: { context } })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('at most 64 values inside each other'),
    });
  });
});

it('more than the door takes is refused by the field that is too long', async () => {
  const { far, near } = await (await refusals('update'))({ id: 'one', note: 'x'.repeat(80_000_000) });
  expect(far).toEqual({ code: 'invalid_input', details: [['note']] });
  expect(far).toEqual(near);
});

it('what is not there is not sent', async () => {
  const engine = fakeEngine();
  const far = farOf(await serve(engine));
  await far.list({ text: undefined, status: [], limit: undefined });
  await far.approve({ id: 'one', gate: undefined, by: undefined }).catch(() => undefined);
  expect(engine.calls).toEqual([
    { name: 'list', input: operations.list.input.parse({}) },
    { name: 'approve', input: { id: 'one', gate: 'approval', via: 'http' } },
  ]);
});

it.each(NAMES)('%s is parsed once, however it comes', async (name) => {
  const { engine } = recorder();
  const far = farOf(await serve(engine));
  const [input] = fc.sample(valid(operations[name].input), 1);
  const { input: schema }: Operation = operations[name];
  const parse = vi.spyOn(schema, 'safeParse');
  for (const calls of [far, asked(engine)]) {
    parse.mockClear();
    await expect(callNamed(calls, name)(input)).rejects.toMatchObject({ code: 'conflict' });
    expect(parse).toHaveBeenCalledTimes(1);
  }
});
