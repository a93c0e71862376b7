/** Pawl's entry in the text of a client's configuration: all else stays byte for byte. */
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { UnfitText } from '../../../src/adapters/mcp-clients/configuration-text.ts';
import type { Entry } from '../../../src/adapters/mcp-clients/entry.ts';
import { jsonServers } from '../../../src/adapters/mcp-clients/json-servers.ts';
import { tomlServers } from '../../../src/adapters/mcp-clients/toml-servers.ts';

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

describe('TOML', () => {
  const BEFORE = `# my settings
model = "gpt-5"   # the good one

[mcp_servers.docs] # others
command = 'npx'
args = ["-y", "docs"]
  [mcp_servers.docs.env]
  TOKEN = "secret"

[tui]
notifications = true
`;

  it.each<[string, string, string]>([
    ['nothing', '', '[mcp_servers.pawl]\ncommand = "/usr/bin/node"\nargs = ["/opt/pawl/bin/pawl", "mcp"]\n'],
    [
      'comments and a server',
      BEFORE,
      `${BEFORE}\n[mcp_servers.pawl]\ncommand = "/usr/bin/node"\nargs = ["/opt/pawl/bin/pawl", "mcp"]\n`,
    ],
    [
      'no end of the last line',
      'a = 1',
      'a = 1\n\n[mcp_servers.pawl]\ncommand = "/usr/bin/node"\nargs = ["/opt/pawl/bin/pawl", "mcp"]',
    ],
    [
      'line ends of Windows, empty lines at its end',
      'a = 1\r\n\r\n\r\n',
      'a = 1\r\n\r\n\r\n\r\n[mcp_servers.pawl]\r\ncommand = "/usr/bin/node"\r\nargs = ["/opt/pawl/bin/pawl", "mcp"]\r\n',
    ],
  ])('takes the entry and gives it back: %s', (_, before, after) => {
    expect(tomlServers.put(before, ENTRY)).toBe(after);
    expect(tomlServers.remove(after)).toBe(before);
  });

  it('updates what differs and leaves what a person added', () => {
    const there = `${BEFORE}
[mcp_servers.pawl]   # ours
startup_timeout_sec = 20 # slow disk
command = "old"
args = [
  "mcp", # one
]

[mcp_servers.pawl.env]
PAWL_HOME = "/old"
OTHER = "1"

[mcp_servers.pawl.tools.run]
approval_mode = "approve"

[last]
x = 1 # end`;
    const next = { ...ENTRY, env: { OTHER: '1', PAWL_HOME: '/new' } };
    expect(tomlServers.put(there, next)).toBe(`${BEFORE}
[mcp_servers.pawl]   # ours
env = { OTHER = "1", PAWL_HOME = "/new" }
startup_timeout_sec = 20 # slow disk
command = "/usr/bin/node"
args = ["/opt/pawl/bin/pawl", "mcp"]

[mcp_servers.pawl.tools.run]
approval_mode = "approve"

[last]
x = 1 # end`);
    expect(tomlServers.remove(there)).toBe(`${BEFORE}\n[last]\nx = 1 # end`);
  });

  it('takes the variable out again', () => {
    const put = tomlServers.put(BEFORE, WITH_HOME);
    expect(tomlServers.read(put)).toEqual(WITH_HOME);
    expect(tomlServers.put(put, { ...ENTRY, env: {} })).toBe(tomlServers.put(BEFORE, ENTRY));
    const dotted = tomlServers.put(BEFORE, ENTRY).replace('args = ["/', 'env.PAWL_HOME = "/x"\nargs = ["/');
    expect(tomlServers.put(dotted, { ...ENTRY, env: {} })).toBe(tomlServers.put(BEFORE, ENTRY));
  });

  it.each([
    ['a = ', 'line 1'],
    ['a = 1\na = 2', 'line 2'],
    ['mcp_servers = 1', 'to be a table'],
    ['[mcp_servers]\npawl = { command = "pawl", args = ["mcp"] }', 'another way'],
    ['mcp_servers.pawl.command = "x"', 'another way'],
  ])('refuses %j', (text, words) => {
    for (const act of [() => tomlServers.read(text), () => tomlServers.put(text, ENTRY)]) {
      expect(act).toThrow(UnfitText);
      expect(act).toThrow(words);
    }
  });

  it('refuses to add to servers that are written inline', () => {
    const text = 'mcp_servers = { docs = { command = "x" } }';
    expect(tomlServers.read(text)).toBeUndefined();
    expect(() => tomlServers.put(text, ENTRY)).toThrow(UnfitText);
  });

  it('keeps whatever else is there, however it is written', () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/).filter((one) => one !== 'pawl');
    const value = fc.constantFrom(
      '1',
      '"a # b"',
      "'''\n[mcp_servers.pawl]\n'''",
      '{ x = [1, 2] }',
      '2026-01-02',
    );
    const table = fc.record({ name: key, key, value, end: fc.constantFrom('', ' # c', '\n# after\n') });
    const tables = fc.uniqueArray(table, { selector: ({ name }) => name, maxLength: 5 });
    const eol = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(tables, eol, fc.boolean(), (list, end, closed) => {
        const parts = list.map((one) => `[mcp_servers.${one.name}]\n${one.key} = ${one.value}${one.end}`);
        const text = (parts.join('\n\n') + (closed ? '\n' : '')).replaceAll('\n', end);
        const put = tomlServers.put(text, WITH_HOME);
        expect(put.startsWith(text)).toBe(true);
        expect(tomlServers.read(put)).toEqual(WITH_HOME);
        expect(tomlServers.others(put)).toEqual(tomlServers.others(text));
        expect(tomlServers.remove(put)).toBe(text);
      }),
    );
  });
});
