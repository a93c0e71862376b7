/** Pawl's hook in the text of Claude Code's settings: all else stays byte for byte, whatever a person has made of it since. */
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { claudeHooks, hookOf, isOurHook } from '../../../src/adapters/mcp-clients/claude-hooks.ts';
import { UnfitText } from '../../../src/adapters/mcp-clients/configuration-text.ts';

const HOOK = hookOf({ launcher: ['/usr/bin/node', '/opt/my pawl/bin/pawl'], withEntry: false });
const { put, remove, read, others } = claudeHooks;
const GROUP = { matcher: 'mcp__pawl__.*', hooks: [HOOK] };
const LINE = '/usr/bin/node /opt/pawl/bin/pawl ensure --hook';

it('is a command of PreToolUse for the tools of the server', () => {
  expect(put('', HOOK)).toBe(`{
  "hooks": {
    "PreToolUse": [
      {
        "matcher": "mcp__pawl__.*",
        "hooks": [
          {
            "type": "command",
            "command": "/usr/bin/node '/opt/my pawl/bin/pawl' ensure --hook",
            "timeout": 60
          }
        ]
      }
    ]
  }
}
`);
});

describe('what is Pawl’s', () => {
  it.each([
    [LINE, true],
    ['pawl ensure --hook', true],
    [`env PAWL_HOME=/srv/pawl ${LINE} --url 'http://127.0.0.1:8100/mcp?toolset=core'`, true],
    [`${LINE} # put here with the MCP entry`, true],
    ['pawl ensure', false],
    [`${LINE} && echo done`, false],
    [`${LINE}; rm x`, false],
    ['my-pawl-check ensure --hook', false],
    ['echo pawl', false],
  ])('%s: %s', (command, ours) => {
    expect(isOurHook({ type: 'command', command })).toBe(ours);
  });

  it.each([[{ type: 'prompt', prompt: LINE }], [LINE], [null], [{ type: 'command' }]])('%j: none', (hook) => {
    expect(isOurHook(hook)).toBe(false);
  });
});

const OTHER = '{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "check.sh" }] }';

describe('text', () => {
  it.each([
    ['{}\n'],
    ['{ }'],
    ['{\n}\n'],
    ['{"hooks":{}}'],
    ['{\n  "hooks": {\n  }\n}\n'],
    ['{"hooks":{"PreToolUse":[]}}'],
    ['{"hooks":{"PreToolUse":[ ], "PostToolUse": []}, "model": "opus"}'],
    ['// mine\n{\n\t"hooks": { // all\n\t\t"PreToolUse": [ // none yet\n\t\t]\n\t}\n}'],
    [`{\r\n  "hooks": {\r\n    "PreToolUse": [\r\n      ${OTHER}, // keep\r\n    ],\r\n  }\r\n}\r\n`],
    [`{ "hooks": { "PreToolUse": [ ${OTHER} ] } }`],
    [`{\n  "hooks": {\n    "PreToolUse": [${OTHER}]}}`],
    [`{\n  "hooks": {\n    "PostToolUse": [${OTHER}] /* those */ } }`],
    ['{ "hooks": { "PreToolUse": [{ "matcher": "mcp__pawl__.*", "hooks": [] }] } }'],
    [`{ "hooks": { "PostToolUse": [{ "hooks": [{ "type": "command", "command": "${LINE}" }] }] } }`],
  ])('takes the hook and gives it back: %j', (before) => {
    const after = put(before, HOOK);
    expect(read(after)).toEqual(HOOK);
    expect(put(after, HOOK)).toBe(after);
    expect(remove(before)).toBe(before);
    expect(remove(after)).toBe(before);
  });

  const ours = `{ "type": "command", "command": "${LINE}" }`;
  const theirs = '{ "type": "command", "command": "check.sh" }';
  it.each([
    [
      'a hook of theirs in its group',
      `{"hooks":{"PreToolUse":[{"matcher":"mcp__pawl__.*","hooks":[${ours}, ${theirs}]}]}}`,
      `{"hooks":{"PreToolUse":[{"matcher":"mcp__pawl__.*","hooks":[ ${theirs}]}]}}`,
    ],
    [
      'another matcher, time limit and place',
      `{"hooks":{"PreToolUse":[{"hooks":[${ours.replace(' }', ', "timeout": 5 }')}],"matcher":"mcp__.*"},${OTHER}]}}`,
      `{"hooks":{"PreToolUse":[${OTHER}]}}`,
    ],
    [
      'two of it, in one group and in another with theirs',
      `{"hooks":{"PreToolUse":[{"hooks":[${ours},${ours}]},{"hooks":[${theirs},${ours}]}]}}`,
      `{"hooks":{"PreToolUse":[{"hooks":[${theirs}]}]}}`,
    ],
    [
      'all on lines of its own, formatted anew',
      JSON.stringify(JSON.parse(`{"hooks":{"PreToolUse":[{"hooks":[${ours}]}]},"a":1}`), null, 4),
      '{\n    "a": 1\n}',
    ],
  ])('is removed also where a person made it: %s', (_, before, after) => {
    expect(remove(before)).toBe(after);
  });

  it('changes no byte outside the commands that it updates', () => {
    const before = `{"hooks":{"PreToolUse":[{"hooks":[ ${ours},${ours.replace(' }', ' , "timeout":5}')} /* x */]}]}}`;
    expect(put(before, HOOK)).toBe(before.replaceAll(`"${LINE}"`, JSON.stringify(HOOK.command)));
  });

  it.each([
    ['{ "hooks": ', 'line 1, column 12'],
    ['{\n  "hooks" {} }', 'line 2, column 11'],
    ['[]', 'found array'],
    ['{ "hooks": [] }', 'an object as "hooks", found array'],
    ['{ "hooks": { "PreToolUse": {} } }', 'an array as "PreToolUse", found object'],
    ['{ "hooks": {}, "hooks": {} }', 'found it 2 times'],
    ['<<<<<<< HEAD\n{}', 'line 1, column 1'],
  ])('refuses %j', (text, words) => {
    for (const act of [() => read(text), () => put(text, HOOK), () => remove(text)]) {
      expect(act).toThrow(UnfitText);
      expect(act).toThrow(words);
    }
  });
});

const name = fc.string().filter((one) => !['hooks', 'PreToolUse', '__proto__'].includes(one));
const handler = fc.oneof(
  fc.record({ type: fc.constant('command'), command: fc.string(), timeout: fc.nat() }),
  fc.record({ type: fc.constant('prompt'), prompt: fc.string() }),
  fc.jsonValue(),
);
const group = fc.oneof(
  fc.record({
    matcher: fc.constantFrom('Bash', 'mcp__pawl__.*', ''),
    hooks: fc.array(handler, { maxLength: 3 }),
  }),
  fc.jsonValue(),
);
const values = fc.dictionary(name, fc.jsonValue(), { noNullPrototype: true, maxKeys: 4 });
const hooks = fc
  .tuple(values, fc.option(fc.array(group, { maxLength: 3 }), { nil: undefined }))
  .map(([events, PreToolUse]) => (PreToolUse === undefined ? events : { ...events, PreToolUse }));
const settings = fc
  .tuple(values, fc.option(hooks, { nil: undefined }), values)
  .map(([before, own, after]) => (own === undefined ? before : { ...before, hooks: own, ...after }));

it('gives the same bytes back, whatever other settings and hooks there are', () => {
  const unit = fc.constantFrom('', ' ', '  ', '\t');
  const eol = fc.constantFrom('\n', '\r\n');
  const last = fc.constantFrom('', '\n', '\n\n', ' // end');
  fc.assert(
    fc.property(settings, unit, eol, last, (value, indent, end, after) => {
      const text = (JSON.stringify(value, null, indent) + after).replaceAll('\n', end);
      const installed = put(text, HOOK);
      expect(read(installed)).toEqual(HOOK);
      expect(parse(installed).hooks.PreToolUse.at(-1)).toEqual(GROUP);
      expect(others(installed)).toEqual(others(text));
      expect(put(installed, HOOK)).toBe(installed);
      expect(remove(installed)).toBe(text);
    }),
    { numRuns: 300 },
  );
});
