/** `pawl.yaml`: what it may say, its defaults, and an error that names every problem with line and path. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRepositoryConfig } from '../../src/adapters/repository/pawl-yaml.ts';
import { PawlError } from '../../src/domain/failures.ts';
import { PROTECTED } from '../../src/domain/protect.ts';

const problemsIn = (text: string): unknown => {
  try {
    return parseRepositoryConfig(text);
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    expect(error.code).toBe('invalid_input');
    expect(error.message).not.toMatch(/\n/);
    return error.details;
  }
};

it('reads everything', () => {
  const text = `
# comment
setup: npm ci
checks:
  - npm test
  - [node, --test, "a b"]
  - name: lint
    run: biome lint --error-on-warnings
    timeoutSeconds: 60
  - run: sh -c 'a && b'
copy: [.env, config/local.json]
submodules: [./vendor/lib/, other]
protect:
  - "test/**"
approvals: strict
agent: reviewer
agents:
  reviewer:
    command: node review.mjs --deep
    env: [REVIEW_KEY]
`;
  expect(parseRepositoryConfig(text)).toEqual({
    setup: ['npm', 'ci'],
    copy: ['.env', 'config/local.json'],
    submodules: ['vendor/lib', 'other'],
    checks: [
      { name: 'npm test', run: ['npm', 'test'] },
      { name: `node --test 'a b'`, run: ['node', '--test', 'a b'] },
      { name: 'lint', run: ['biome', 'lint', '--error-on-warnings'], timeoutSeconds: 60 },
      { name: `sh -c 'a && b'`, run: ['sh', '-c', 'a && b'] },
    ],
    protect: ['test/**'],
    approvals: 'strict',
    agent: 'reviewer',
    agents: { reviewer: { command: ['node', 'review.mjs', '--deep'], env: ['REVIEW_KEY'] } },
  });
});

it.each(['', '# nothing\n', '{}', 'checks: []'])('%j is all defaults', (text) => {
  expect(parseRepositoryConfig(text)).toEqual({
    copy: [],
    submodules: false,
    checks: [],
    protect: PROTECTED,
    approvals: 'carry',
    agents: {},
  });
});

it('agent: names one of Pawl, or of its own', () => {
  expect(parseRepositoryConfig('agent: codex').agent).toBe('codex');
  expect(problemsIn('checks: []\nagent: reviewer\nagents: {fixer: {command: x}}')).toEqual([
    {
      line: 2,
      path: 'agent',
      message: expect.stringMatching(/^expected one of claude, .*, fixer, got reviewer$/),
    },
  ]);
});

it('agents: none of them is auto, which is no name of an agent', () => {
  expect(problemsIn('agents: {auto: {command: x}}')).toEqual([
    { line: 1, path: 'agents.auto', message: expect.stringContaining('expected another name') },
  ]);
});

it('protect: [] protects nothing', () => {
  expect(parseRepositoryConfig('protect: []').protect).toEqual([]);
});

it.each([
  'recursive',
  '[../lib]',
  '[/lib]',
  '[.]',
  '[""]',
  '[.git/x]',
  '[1]',
  '{a: 1}',
  `[${Array.from({ length: 101 }, (_, at) => `s${at}`)}]`,
])('submodules: %s is none', (text) => {
  expect(problemsIn(`submodules: ${text}`)).toMatchObject([
    { line: 1, message: expect.stringMatching(/^expected true, or a list of/) },
  ]);
});

describe('every problem is named', () => {
  it('all of them, with line and path', () => {
    const text = `setup: a && b
check: x
checks:
  - run: npm test
    timeoutSeconds: 0
    retries: 2
  - 7
  - name: ""
    run: []
protect: test/**
agents:
  "a b":
    command: x
  b:
    env: [1x]
`;
    expect(problemsIn(text)).toEqual(
      expect.arrayContaining([
        { line: 1, path: 'setup', message: expect.stringContaining('found an operator') },
        { line: 2, path: 'check', message: 'is not a known key' },
        { line: 5, path: 'checks[0].timeoutSeconds', message: expect.stringContaining('at least 1') },
        { line: 6, path: 'checks[0].retries', message: 'is not a known key' },
        { line: 7, path: 'checks[1].run', message: expect.stringContaining('expected a command') },
        { line: 8, path: 'checks[2].name', message: expect.any(String) },
        { line: 9, path: 'checks[2].run', message: expect.stringContaining('expected a command') },
        { line: 10, path: 'protect', message: expect.stringContaining('a list') },
        { line: 12, path: 'agents.a b', message: expect.stringContaining('expected a name') },
        { line: 14, path: 'agents.b.command', message: expect.stringContaining('expected a command') },
        { line: 15, path: 'agents.b.env[0]', message: expect.any(String) },
      ]),
    );
  });

  it('in one line', () => {
    expect(() => parseRepositoryConfig('checks:\n  - a\n  - b | c\n')).toThrow(
      /^pawl\.yaml is not valid: line 3, checks\[1\](?:\.run)?: expected a program and its arguments, found a pipe or operator/,
    );
  });

  it.each([
    ['a: [', 1],
    ['checks:\n  - a\n checks: b', 3],
    ['checks: []\nchecks: []', 2],
    ['checks: []\n---\nchecks: []', 2],
    ['a: &x 1\nb: *x', 2],
    ['checks: !!js/function "x"', 1],
    ['- npm test', 1],
    ['"a\\nb": 1', 1],
    ['{[{[]:}]:', 1],
    ['npm test', 1],
    ['\tchecks: []', 1],
    [`${'['.repeat(20_000)}`, 1],
    ['x'.repeat(70_000), 1],
  ])('also of what is no such YAML: %.30j', (text, line) => {
    expect(problemsIn(text)).toEqual(expect.arrayContaining([expect.objectContaining({ line })]));
  });
});

it('aliases cannot blow up', () => {
  const bomb = Array.from(
    { length: 20 },
    (_, at) => `a${at}: &a${at} [${at === 0 ? '1' : `*a${at - 1}, *a${at - 1}`}]`,
  ).join('\n');
  expect(problemsIn(bomb)).toEqual(
    expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('aliases') })]),
  );
});

it('whatever the text, there is a configuration or problems', () => {
  const yaml = fc.array(
    fc.constantFrom(
      'checks:',
      'setup:',
      ' - ',
      'run: ',
      '\n',
      '  ',
      'npm',
      '"',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      ':',
      '#',
      '|',
      '__proto__: 1',
      '\0',
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        yaml.map((all) => all.join('')),
      ),
      (text) => problemsIn(text) !== undefined,
    ),
  );
});
