/** How a client starts `pawl`: by a way that stays. */
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launcherFor } from '../../../src/adapters/mcp-clients/launcher.ts';

let top: string;
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'pawl-launcher-')));
});
afterEach(() => rm(top, { recursive: true, force: true }));

describe('the launcher', () => {
  const program = async (path: string): Promise<string> => {
    const file = join(top, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o755);
    return file;
  };
  const pathOf = (...folders: string[]) => folders.map((folder) => join(top, folder)).join(':');

  it('is by full paths that last', async () => {
    const launcher = await program('lib/pawl/bin/pawl');
    const root = join(top, 'lib', 'pawl');
    const older = await program('usr/bin/node');
    const node = await program('Cellar/26/bin/node');
    const named = join(top, 'bin', 'node');
    for (const folder of ['fnm_multishells/1/bin', 'node_modules/.bin', 'bin']) {
      await mkdir(join(top, folder), { recursive: true });
      await symlink(node, join(top, folder, 'node'));
    }
    const path = pathOf('fnm_multishells/1/bin', 'node_modules/.bin', 'usr/bin', 'bin');
    expect(launcherFor('user', { root, path, execPath: node })).toEqual([named, launcher]);
    // Another Node than the one that is known to work is no choice, but for one that may be deleted.
    const elsewhere = { root, path: pathOf('usr/bin', 'none'), execPath: node };
    expect(launcherFor('user', elsewhere)).toEqual([node, launcher]);
    const cached = await program('cache/pawl/node-22.18.0-linux-x64/node_modules/node/bin/node');
    expect(launcherFor('user', { root, path, execPath: cached })).toEqual([older, launcher]);
    expect(launcherFor('user', { root, path: 'bin', execPath: cached })).toEqual([cached, launcher]);
  });

  it('is by name in a project where that starts it', async () => {
    const launcher = await program('lib/pawl/bin/pawl');
    const execPath = await program('bin/node');
    await program('other/pawl');
    const installed = { root: join(top, 'lib', 'pawl'), path: pathOf('bin', 'other'), execPath };
    expect(launcherFor('project', installed)).toEqual([execPath, launcher]);
    await symlink(launcher, join(top, 'bin', 'pawl'));
    expect(launcherFor('project', installed)).toEqual(['pawl']);
    expect(launcherFor('user', installed)).toEqual([execPath, launcher]);
  });
});
