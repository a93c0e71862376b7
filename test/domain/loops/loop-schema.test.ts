/** The JSON Schema that editors use is what the code reads: `npx vitest run test/domain/loops/loop-schema.test.ts --update` writes it anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loopSchemaText } from '../../../src/domain/loops/loop-schema.ts';
import { parseLoop } from '../../../src/domain/loops/parse-loop.ts';
import { definitionOf } from './some-loops.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(loopSchemaText()));
const problemsWith = (loop: unknown) => {
  validate(loop);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

it('schemas/loop.schema.json is what the code makes', async () => {
  await expect(loopSchemaText()).toMatchFileSnapshot(join(ROOT, 'schemas', 'loop.schema.json'));
});

const BUILT_IN = join(ROOT, 'src', 'adapters', 'loops', 'built-in');
it.each(readdirSync(BUILT_IN))('%s fits it', (name) => {
  expect(problemsWith(parse(readFileSync(join(BUILT_IN, name), 'utf8')))).toEqual([]);
});

const LOOP = { loop: 'x', phases: [{ id: 'a', skills: [{ id: 'b', run: 'npm test' }] }] };
const OTHER = definitionOf({
  ...LOOP,
  loop: 'y',
  inputs: { n: { type: 'number', required: true }, goal: { type: 'string', required: true } },
});
const withSkill = (more: object) => ({
  ...LOOP,
  phases: [{ id: 'a', skills: [{ id: 'b', run: 'npm test', ...more }] }],
});

describe('what it takes is read, and what it refuses is refused', () => {
  it.each<[what: string, loop: unknown]>([
    ['the least', LOOP],
    [
      'checks in each form',
      { ...LOOP, checks: ['npm test', ['npm', 'run', 'x'], { name: 'lint', run: 'npm run lint' }] },
    ],
    ['inputs in each form', { ...LOOP, inputs: { a: 'string[]', b: { type: 'enum(x, y)', default: 'x' } } }],
    [
      'every guarantee',
      withSkill({
        guarantees: [
          { deliverable: 'a' },
          { proof: 'human_verified' },
          { content: 'a', pattern: 'x' },
          { quality: 'q', run: 'q', is: '>= 1' },
          { git: 'branch_pushed' },
        ],
      }),
    ],
    [
      'the phases of another loop',
      {
        ...LOOP,
        phases: [
          ...LOOP.phases,
          { include: 'y', as: 'z', with: { n: 3, goal: 'b.state' }, when: "b.state == 'failed'" },
        ],
      },
    ],
    ['an item of a list', withSkill({ for_each: { in: ['a'], as: 'i' }, with: { i2: 'i', n: 3, l: ['a'] } })],
    ['settings of the user', withSkill({ run: undefined, agent: 'claude', settings: 'own' })],
  ])('%s', (_, loop) => {
    expect(problemsWith(loop)).toEqual([]);
    expect(parseLoop(loop, new Map([['y', { loop: OTHER }]]))).toMatchObject({ ok: true });
  });

  it.each<[what: string, loop: unknown]>([
    ['an unknown key', { ...LOOP, phasen: [] }],
    ['an unknown key within', withSkill({ breif: 'x' })],
    ['a type that is none', { ...LOOP, inputs: { a: 'integer' } }],
    ['a span that is none', withSkill({ timeout: { idle: 'soon' } })],
    ['a guarantee of no kind', withSkill({ guarantees: [{ file: 'a' }] })],
    ['settings of nobody', withSkill({ run: undefined, agent: 'claude', settings: 'all' })],
    ['no phases', { loop: 'x', phases: [] }],
    ['an unknown key of an include', { ...LOOP, phases: [{ include: 'y', inputs: {} }] }],
    ['an include that is a phase too', { ...LOOP, phases: [{ include: 'y', ...LOOP.phases[0] }] }],
  ])('%s', (_, loop) => {
    expect(problemsWith(loop)).not.toEqual([]);
    expect(parseLoop(loop)).toMatchObject({ ok: false });
  });
});

it('settings of the user are an agent’s alone', () => {
  const read = parseLoop(withSkill({ settings: 'own' }));
  expect(read).toMatchObject({
    ok: false,
    faults: [
      { path: ['phases', 0, 'skills', 0, 'settings'], message: 'only an agent has settings of its user' },
    ],
  });
});
