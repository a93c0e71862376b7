/** Pawl's entry in the text of Codex's configuration: all else stays byte for byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnfitText } from '../../../src/adapters/mcp-clients/configuration-text.ts';
import type { Entry } from '../../../src/adapters/mcp-clients/entry.ts';
import { tomlServers } from '../../../src/adapters/mcp-clients/toml-servers.ts';

const ENTRY: Entry = { command: '/usr/bin/node', args: ['/opt/pawl/bin/pawl', 'mcp'] };
const WITH_HOME: Entry = { ...ENTRY, env: { PAWL_HOME: '/srv/"pawl" \\ \u007f' } };

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
