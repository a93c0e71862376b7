/** Pawl's entry in the text of a client's configuration: all else stays byte for byte. */
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { UnfitText } from '../../../src/adapters/mcp-clients/configuration-text.ts';
import type { Entry } from '../../../src/adapters/mcp-clients/entry.ts';
import { jsonServers } from '../../../src/adapters/mcp-clients/json-servers.ts';

const ENTRY: Entry = { command: '/usr/bin/node', args: ['/opt/pawl/bin/pawl', 'mcp'] };
const WITH_HOME: Entry = { ...ENTRY, env: { PAWL_HOME: '/srv/"pawl" \\ \u007f' } };
const json = jsonServers('mcpServers');

describe('JSON with comments', () => {
  it.each<[string, string, string]>([
    [
      'nothing',
      '',
      `{
  "mcpServers": {
    "pawl": {
      "command": "/usr/bin/node",
      "args": [
        "/opt/pawl/bin/pawl",
        "mcp"
      ]
    }
  }
}
`,
    ],
    [
      'comments, tabs and a server',
      '// top\n{\n\t"theme": "dark", // mine\n\t"mcpServers": {\n\t\t"other": {"command": "x"} // last\n\t\t/* end */\n\t}\n}\n',
      '// top\n{\n\t"theme": "dark", // mine\n\t"mcpServers": {\n\t\t"other": {"command": "x"}, // last\n\t\t/* end */\n\t\t"pawl": {\n\t\t\t"command": "/usr/bin/node",\n\t\t\t"args": [\n\t\t\t\t"/opt/pawl/bin/pawl",\n\t\t\t\t"mcp"\n\t\t\t]\n\t\t}\n\t}\n}\n',
    ],
    [
      'one line',
      '{"a":[1,  2],"mcpServers":{"other":{"url":"http://x/,}"}}}',
      '{"a":[1,  2],"mcpServers":{"other":{"url":"http://x/,}"}, "pawl": { "command": "/usr/bin/node", "args": [ "/opt/pawl/bin/pawl", "mcp" ] }}}',
    ],
    [
      'a last member beside the brace',
      '{\n  "a": 1 }',
      '{\n  "a": 1,\n  "mcpServers": {\n    "pawl": {\n      "command": "/usr/bin/node",\n      "args": [\n        "/opt/pawl/bin/pawl",\n        "mcp"\n      ]\n    }\n  } }',
    ],
    [
      'an object for servers, with only a comment in it',
      '{\n  "mcpServers": { // none\n  }\n}\n',
      '{\n  "mcpServers": {"pawl": { "command": "/usr/bin/node", "args": [ "/opt/pawl/bin/pawl", "mcp" ] } // none\n  }\n}\n',
    ],
    [
      'an empty object',
      '{ }\n',
      '{"mcpServers": { "pawl": { "command": "/usr/bin/node", "args": [ "/opt/pawl/bin/pawl", "mcp" ] } } }\n',
    ],
    [
      'a comma after the last',
      '{\n  "mcpServers": {\n    "other": {}, // why\n  },\n}',
      '{\n  "mcpServers": {\n    "other": {}, // why\n    "pawl": {\n      "command": "/usr/bin/node",\n      "args": [\n        "/opt/pawl/bin/pawl",\n        "mcp"\n      ]\n    },\n  },\n}',
    ],
    [
      'line ends of Windows',
      '{\r\n    "a": 1\r\n}\r\n',
      '{\r\n    "a": 1,\r\n    "mcpServers": {\r\n        "pawl": {\r\n            "command": "/usr/bin/node",\r\n            "args": [\r\n                "/opt/pawl/bin/pawl",\r\n                "mcp"\r\n            ]\r\n        }\r\n    }\r\n}\r\n',
    ],
  ])('takes the entry and gives it back: %s', (_, before, after) => {
    expect(json.put(before, ENTRY)).toBe(after);
    expect(json.remove(after)).toBe(before);
  });

  it.each([
    [
      'first',
      '{ "mcpServers": { "pawl": {"command": "x"}, "other": {} } }',
      '{ "mcpServers": { "other": {} } }',
    ],
    [
      'beside another on its line, after a comment',
      '{ "mcpServers": { // all\n  "pawl": {}, "other": {} } }',
      '{ "mcpServers": { // all\n   "other": {} } }',
    ],
    [
      'alone, after a comment',
      '{ "mcpServers": { // all\n  "pawl": {} } }',
      '{ "mcpServers": { // all\n   } }',
    ],
    ['alone, with a comma', '{ "a": 1, "mcpServers": { "pawl": {}, } }', '{ "a": 1 }'],
    ['in no servers', '{ "a": 1 } // x', '{ "a": 1 } // x'],
  ])('removes what stands %s', (_, before, after) => {
    expect(json.remove(before)).toBe(after);
  });

  it('changes no byte outside the entry that it updates', () => {
    const before = '{ "mcpServers": {\n  "pawl": { "command": "old" }, // note\n  "z": 1e3 } }';
    const after = json.put(before, WITH_HOME);
    expect(json.read(after)).toEqual(WITH_HOME);
    const written = JSON.stringify(WITH_HOME, null, 1).replaceAll(/\n */g, ' ');
    expect(after).toBe(`{ "mcpServers": {\n  "pawl": ${written}, // note\n  "z": 1e3 } }`);
  });

  it.each([
    ['{ "a": ', 'line 1, column 8'],
    ['{\n "a" 1 }', 'line 2, column 6'],
    ['[]', 'found array'],
    ['{ "mcpServers": [] }', '"mcpServers", found array'],
    ['{ "mcpServers": {}, "mcpServers": {} }', 'found it 2 times'],
    ['{ "mcpServers": { "pawl": 1, "pawl": 2 } }', 'found it 2 times'],
    ['<<<<<<< HEAD\n{}', 'line 1'],
  ])('refuses %j', (text, words) => {
    for (const act of [() => json.read(text), () => json.put(text, ENTRY), () => json.remove(text)]) {
      expect(act).toThrow(UnfitText);
      expect(act).toThrow(words);
    }
  });

  it('keeps whatever else is there, however it is written', () => {
    const name = fc.string().filter((one) => one !== 'pawl' && one !== 'mcpServers' && one !== '__proto__');
    const servers = fc.dictionary(name, fc.jsonValue(), { noNullPrototype: true });
    const space = fc.constantFrom('', ' ', '  ', '\t');
    fc.assert(
      fc.property(servers, servers, space, fc.boolean(), (top, others, unit, there) => {
        const value = there ? { ...top, mcpServers: others } : top;
        const text = JSON.stringify(value, null, unit);
        const put = json.put(text, WITH_HOME);
        const read = parse(text); // not what it was made from: JSON has one zero
        expect(parse(put)).toEqual({ ...read, mcpServers: { ...read.mcpServers, pawl: WITH_HOME } });
        expect(json.put(put, WITH_HOME)).toBe(put);
        expect(json.remove(put)).toBe(text);
      }),
    );
  });
});
