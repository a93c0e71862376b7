import { array, assert, constant, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Brief, briefFrom, fillBrief } from '../../../src/domain/loops/brief-template.ts';
import { variablesFor } from '../../../src/domain/loops/command-variables.ts';
import type { Known } from '../../../src/domain/loops/evaluate.ts';
import { operandFrom, referenceText } from '../../../src/domain/loops/references.ts';
import type { Value } from '../../../src/domain/loops/value-types.ts';

const brief = (text: string): Brief => {
  const read = briefFrom(text);
  if ('problem' in read) throw new Error(read.problem);
  return read;
};
const filled = (text: string, values: Readonly<Record<string, Value>>) =>
  fillBrief(brief(text), (reference) => values[referenceText(reference)]);

const VALUES = {
  'inputs.goal': 'make it fast',
  'plan.files': ['a.ts', 'b.ts'],
  'plan.size': 3,
  'plan.none': [],
};

it.each([
  ['Plan {{ inputs.goal }}.', 'Plan make it fast.'],
  ['{{inputs.goal}}{{plan.size}}', 'make it fast3'],
  ['Change {{ plan.files }} only', 'Change a.ts, b.ts only'],
  ['Files:\n  {{ plan.files }}\nDone', 'Files:\n  - a.ts\n  - b.ts\nDone'],
  ['Files: {{ plan.none }}', 'Files: (none)'],
  ["Write {{ '{{' }} so", 'Write {{ so'],
  ['a } and }} and { stay', 'a } and }} and { stay'],
])('%j becomes %j', (text, expected) => {
  expect(filled(text, VALUES)).toEqual({ ok: true, text: expected });
});

it('nothing is filled where a value is missing, and each is named once', () => {
  expect(filled('{{ plan.risk }} {{ plan.risk }} {{ inputs.goal }} {{ lens }}', VALUES)).toEqual({
    ok: false,
    missing: ['plan.risk', 'lens'],
  });
});

it.each([
  '{{ inputs.goal',
  '{{ inputs.goal }',
  'a {{ }} b',
  '{{ a b }}',
  '{{ {{ inputs.goal }} }}',
  '{{ x | upper }}',
  '{{ Inputs.goal }}',
])('%j is refused with what would be right', (text) => {
  expect(briefFrom(text)).toEqual({ problem: expect.stringMatching(/expected .*(?:\{\{|inputs\.goal)/s) });
});

describe('of every value', () => {
  it('it comes whole and is never filled itself', () => {
    const odd = oneof(
      string(),
      constant('{{ inputs.secret }}'),
      constant("{{ '{{' }}"),
      constant('}}'),
      constant('{{'),
    );
    assert(
      property(odd, odd, (goal, secret) => {
        const text = filled('<{{ inputs.goal }}>', { 'inputs.goal': goal, 'inputs.secret': secret });
        expect(text).toEqual({ ok: true, text: `<${goal}>` });
      }),
    );
  });

  it('a text without {{ is a brief as it stands', () => {
    assert(
      property(
        string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(filled(text, {})).toEqual({ ok: true, text });
        },
      ),
    );
  });
});

describe('a command gets variables', () => {
  const known: Known = {
    inputs: { goal: "it's $(x)", deep: true },
    skills: {
      plan: { state: 'completed', outputs: { files: ['a b.ts', 'c\nd.ts'], size: 1.5 } },
      gone: { state: 'failed' },
    },
    item: { name: 'lens', value: 'security' },
  };
  const given = (...pairs: readonly (readonly [string, string])[]) => ({
    with: Object.fromEntries(
      pairs.map(([name, text]) => {
        const operand = operandFrom(text);
        if ('problem' in operand) throw new Error(operand.problem);
        return [name, operand];
      }),
    ),
  });

  it('of inputs, of what is under with, and of the item; a list is JSON', () => {
    const skill = given(
      ['files', 'plan.files'],
      ['size', 'plan.size'],
      ['goal', "'another'"],
      ['about', 'lens'],
    );
    expect(variablesFor(skill, known)).toEqual({
      ok: true,
      variables: {
        PAWL_IN_GOAL: 'another',
        PAWL_IN_DEEP: 'true',
        PAWL_IN_FILES: '["a b.ts","c\\nd.ts"]',
        PAWL_IN_SIZE: '1.5',
        PAWL_IN_ABOUT: 'security',
        PAWL_IN_LENS: 'security',
      },
    });
  });

  it('a value that is missing, or that no variable holds, is told and nothing is given', () => {
    const odd: Known = { ...known, inputs: { nul: 'a\0b', long: 'x'.repeat(40_000) } };
    expect(variablesFor(given(['note', 'gone.note']), odd)).toEqual({
      ok: false,
      problems: [
        'with.note: gone.note has no value',
        expect.stringContaining('nul: a NUL character'),
        expect.stringContaining('long: expected at most 32768'),
      ],
    });
  });

  it('whatever the items of a list are, they are read again as they were', () => {
    assert(
      property(
        array(
          string().filter((one) => !one.includes('\0')),
          { maxLength: 20 },
        ),
        (items) => {
          const read = variablesFor({ with: { all: { literal: items } } }, { inputs: {}, skills: {} });
          expect(read.ok && JSON.parse(read.variables.PAWL_IN_ALL ?? '')).toEqual(items);
        },
      ),
    );
  });
});
