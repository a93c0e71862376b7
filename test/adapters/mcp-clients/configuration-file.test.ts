/** The configuration file of an AI client: it stays what it was but for Pawl's entry, whatever happens meanwhile. */

import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  openConfiguration,
  removeConfiguration,
  replaceConfiguration,
} from '../../../src/adapters/mcp-clients/configuration-file.ts';
import { around, change, modeOf, put, read, top, uninstall } from './person.ts';

describe('a file', () => {
  const file = () => join(around.home, '.claude.json');

  it('that is a link stays one, and its end is written', async () => {
    const end = await put(join(top, 'dotfiles', 'claude'), '{}\n', 0o644);
    await symlink(relative(around.home, end), file());
    await change('claude');
    expect((await lstat(file())).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await read(end))).toHaveProperty('mcpServers.pawl.type', 'stdio');
    expect(await modeOf(end)).toBe(0o644);
    await uninstall('claude');
    expect(JSON.parse(await read(end))).toEqual({});
    expect(await readdir(dirname(end))).toEqual(['claude']);
  });

  it('that is a link to nothing, to itself, a folder or no text is left', async () => {
    const refused = (words: string) =>
      expect(change('claude', { force: true })).rejects.toMatchObject({
        code: 'precondition',
        message: expect.stringContaining(words),
      });
    await symlink('nowhere', file());
    await refused('link to a file that is not there');
    await rm(file());
    await symlink('.claude.json', file());
    await refused('ELOOP');
    await rm(file());
    await mkdir(file());
    await refused('no file');
    await rm(file(), { recursive: true });
    await writeFile(file(), Buffer.from([0x7b, 0xff, 0x7d]));
    await refused('no UTF-8');
    expect(await readFile(file())).toEqual(Buffer.from([0x7b, 0xff, 0x7d]));
  });

  it('that another program changed in between is left to it', async () => {
    await put(file(), '{}');
    const opened = await openConfiguration(file());
    const absent = await openConfiguration(`${file()}.new`);
    for (const one of [opened, absent]) {
      await put(one.path, '{ "theirs": 1 }');
      const conflict = { code: 'conflict', message: expect.stringContaining('run this again') };
      await expect(replaceConfiguration(one, '{}', 0o600)).rejects.toMatchObject(conflict);
      await expect(removeConfiguration(one)).rejects.toMatchObject(conflict);
      expect(await read(one.path)).toBe('{ "theirs": 1 }');
    }
  });

  it('that cannot be written is told by its path', async () => {
    await put(join(around.home, '.codex'), 'a file where a folder is expected');
    await expect(change('codex', { force: true })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/config\.toml could not be written \((?:EEXIST|ENOTDIR)\)/),
    });
  });

  it('keeps its byte order mark', async () => {
    await put(file(), '\ufeff{ "a": 1 }');
    await change('claude');
    expect(await read(file())).toMatch(/^\ufeff\{ "a": 1, "mcpServers": /);
    await uninstall('claude');
    expect(await read(file())).toBe('\ufeff{ "a": 1 }');
  });
});
