/** Half a character, in every field of every operation that takes a text: refused by name, never a bug, and nothing is called. */
import { describe, expect, it } from 'vitest';
import { callNamed } from '../../../src/domain/calls.ts';
import { PawlError } from '../../../src/domain/failures.ts';
import { clip, LIMITS, tail } from '../../../src/domain/limits.ts';
import {
  type Calls,
  type EngineApi,
  type OperationName,
  operations,
} from '../../../src/domain/operations.ts';
import { parseInput } from '../../../src/domain/parse-input.ts';
import { READS_BY_BODY, ROUTES } from '../../../src/edge/http/routes.ts';
import { asked } from '../cli/fake-engine.ts';
import { recorder } from '../mcp/deps.ts';
import { appOn, call } from './call.ts';
import { farOf, serve } from './far-engine.ts';
import { inputsWith } from './text-places.ts';

const HALVES = ['\ud83d', '\ude80', 'cut \ud83d here'];
const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`made with seed ${seed}; PAWL_SEED=${seed} does it again`);

const NAMES = Object.keys(operations) as OperationName[];
const casesOf = (name: OperationName) =>
  HALVES.flatMap((text) => inputsWith(operations[name].input, text, seed));

/** In this process, and by a client of HTTP, which can send no such text as it is. */
const WAYS: Readonly<Record<string, (engine: EngineApi) => Promise<Calls>>> = {
  'the door': async (engine) => asked(engine),
  'a client': async (engine) => farOf(await serve(engine)),
};
const EVERY_WAY = Object.keys(WAYS).flatMap((way) => NAMES.map((name) => [way, name] as const));

it.each(EVERY_WAY)('%s of %s names the field', async (way, name) => {
  const { calls, engine } = recorder();
  const door = await WAYS[way]?.(engine);
  if (door === undefined) throw new Error('no such way');
  for (const [path, input] of casesOf(name)) {
    const refused = await callNamed(door, name)(input).catch((error: unknown) => error);
    expect(refused, path.join('.')).toBeInstanceOf(PawlError);
    expect(refused).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(path.join('.')),
      details: expect.arrayContaining([path.map(String)]),
    });
  }
  expect(calls).toEqual([]);
});

const BY_BODY = [...ROUTES, ...READS_BY_BODY].filter(({ method }) => method !== 'GET');
it.each(BY_BODY.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s answers in words',
  async (_, { name, method, path, inPath }) => {
    const { calls, engine } = recorder();
    const app = appOn(engine);
    const filled = path.replaceAll(/\{\w+\}/g, 'known');
    for (const [place, input] of casesOf(name)) {
      if (inPath.includes(String(place[0]))) continue;
      const rest = Object.entries(input as object).filter(([field]) => !inPath.includes(field));
      const answer = await call(app, filled, { method, body: Object.fromEntries(rest) });
      expect(answer).toMatchObject({
        status: 422,
        body: { error: { code: 'invalid_input', message: expect.stringContaining('whole characters') } },
      });
    }
    expect(calls).toEqual([]);
  },
);

it('is found at every place that a text can have', () => {
  expect(NAMES.filter((name) => casesOf(name).length > 0).sort()).toEqual(
    NAMES.filter((name) => !['sessions', 'gates', 'vitals', 'tokens'].includes(name)).sort(),
  );
  const places = inputsWith(operations.create.input, 'x', seed).map(([path]) => path.join('.'));
  expect(places).toEqual(expect.arrayContaining(['id', 'title', 'context.any-key', 'dependencies.0']));
});

describe('what is no field', () => {
  const refusalOf = (context: unknown) => {
    try {
      return parseInput('create', operations.create.input, { id: 'a', title: 'A', context });
    } catch (error) {
      return error;
    }
  };

  it.each([
    [{ '\ud83d': 1 }, 'context.\ufffd:'],
    [{ deep: [{ er: ['fine', '\ude80'] }] }, 'context.deep.0.er.1:'],
  ])('is found as well: %j', (context, named) => {
    expect(refusalOf(context)).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(named),
    });
  });

  it('is passed where it is whole', () => {
    expect(refusalOf({ rocket: '\u{1f680}', '\u{1f680}': 1 })).toMatchObject({ id: 'a' });
  });
});

it('no text is cut in the middle of a character', () => {
  const rockets = '\u{1f680}'.repeat(LIMITS.titleShownCharsMax);
  for (const charsMax of [10, 11, 12, 13]) {
    for (const cut of [clip(rockets, charsMax), tail(rockets, charsMax)]) {
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(charsMax);
    }
  }
});
