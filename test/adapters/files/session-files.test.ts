/** Files that a client names as its results: those of its directory, and never one of the engine's own or the system's. */
import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realDirectory, storeFile } from '../../../src/adapters/files/session-files.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { scratchFolder } from '../scratch-repository.ts';

/** A working directory that lies above the home of the engine, as sessions of earlier versions may. */
function world() {
  const directory = realpathSync(scratchFolder('project'));
  const home = join(directory, 'home');
  const workspaces = join(home, 'workspaces');
  const write = (path: string, text: string) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const userHome = join(realpathSync(scratchFolder('users')), 'ann');
  mkdirSync(userHome);
  write('home/token', 'secret');
  write('home/archive/deep/one.json', 'secret');
  write('home/workspaces/task/own.txt', 'own');
  write('work.txt', 'work');
  symlinkSync(join(home, 'token'), join(directory, 'innocent.txt'));
  symlinkSync(home, join(directory, 'elsewhere'));
  linkSync(join(home, 'token'), join(directory, 'linked.txt'));
  linkSync(join(home, 'archive/deep/one.json'), join(workspaces, 'task', 'linked.json'));
  const stored: string[] = [];
  const artifacts = {
    put: async (content: Uint8Array | string) => {
      stored.push(Buffer.from(content).toString());
      return 'sha256:0';
    },
  };
  return { directory, home, workspaces, userHomes: [userHome], artifacts, stored, write };
}

it.each([
  'home/token',
  './home/../home/token',
  'innocent.txt',
  'elsewhere/token',
  'linked.txt',
  'home/workspaces/task/linked.json',
])('refuses %s, which is the engine’s own, and reads nothing of it', async (path) => {
  const { artifacts, stored, ...folders } = world();
  // A home may be named by a way that is not its real one.
  for (const home of [folders.home, join(folders.directory, 'elsewhere')]) {
    await expect(storeFile(artifacts, { ...folders, home }, path)).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['files']],
    });
  }
  expect(stored).toEqual([]);
});

it('refuses what is of another home of Pawl, and a session of it', async () => {
  const { artifacts, stored, write, ...folders } = world();
  for (const name of ['engine.lock', 'secret', 'token']) write(`other/${name}`, 'secret');
  await expect(storeFile(artifacts, folders, 'other/token')).rejects.toThrow("is Pawl's own");
  const other = join(folders.directory, 'other');
  await expect(realDirectory(folders, other)).rejects.toThrow('a home of Pawl');
  expect(stored).toEqual([]);
});

it.each(['.ssh/id', '.netrc'])('refuses a hard link to ~/%s', async (name) => {
  const { artifacts, stored, ...folders } = world();
  const secret = join(folders.userHomes[0] ?? '', name);
  mkdirSync(dirname(secret), { recursive: true });
  writeFileSync(secret, 'secret');
  linkSync(secret, join(folders.directory, 'linked-secret'));
  await expect(storeFile(artifacts, folders, 'linked-secret')).rejects.toThrow('by another name');
  expect(stored).toEqual([]);
});

it('refuses a hard link to the engine’s own where somebody works in a workspace', async () => {
  const { artifacts, stored, ...folders } = world();
  const directory = join(folders.workspaces, 'task');
  await expect(storeFile(artifacts, { ...folders, directory }, 'linked.json')).rejects.toMatchObject({
    message: expect.stringContaining('by another name'),
  });
  expect(stored).toEqual([]);
});

it('keeps a file beside the home, and one of a workspace by whoever works there', async () => {
  const { artifacts, stored, ...folders } = world();
  expect(await storeFile(artifacts, folders, 'work.txt')).toMatchObject({ name: 'work.txt', bytes: 4 });
  const directory = join(folders.workspaces, 'task');
  expect(await storeFile(artifacts, { ...folders, directory }, 'own.txt')).toMatchObject({ name: 'own.txt' });
  linkSync(join(folders.directory, 'work.txt'), join(folders.directory, 'again.txt'));
  expect(await storeFile(artifacts, folders, 'again.txt')).toMatchObject({ name: 'again.txt' });
  expect(stored).toEqual(['work', 'own', 'work']);
});

it.each(['/etc/passwd', '/proc/self/environ', '/dev/null', '/usr/bin/env'])(
  'refuses %s, also where a session of / was opened by an earlier version',
  async (path) => {
    const { artifacts, stored, ...folders } = world();
    for (const named of [path, path.slice(1)]) {
      await expect(storeFile(artifacts, { ...folders, directory: '/' }, named)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining("is the system's"),
        details: [['files']],
      });
    }
    expect(stored).toEqual([]);
  },
);

it.each(['.ssh/id', '.netrc'])(
  'refuses %s of the user, also where a session of their home was opened by an earlier version',
  async (path) => {
    const { artifacts, stored, ...folders } = world();
    const [directory = ''] = folders.userHomes;
    mkdirSync(join(directory, '.ssh'));
    for (const file of [path, 'notes.txt']) writeFileSync(join(directory, file), file);
    await expect(storeFile(artifacts, { ...folders, directory }, path)).rejects.toMatchObject({
      message: expect.stringContaining('is private'),
      details: [['files']],
    });
    await storeFile(artifacts, { ...folders, directory }, 'notes.txt');
    expect(stored).toEqual(['notes.txt']);
  },
);

it('refuses what is no file without waiting for a writer', async () => {
  const { artifacts, stored, ...folders } = world();
  execFileSync('mkfifo', [join(folders.directory, 'pipe')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folders.directory, 'socket'), resolve));
  symlinkSync('pipe', join(folders.directory, 'way'));
  for (const path of ['pipe', 'way', 'socket', 'home/workspaces/task']) {
    await expect(storeFile(artifacts, folders, path)).rejects.toMatchObject({
      message: expect.stringContaining('is no file'),
    });
  }
  await new Promise((resolve) => server.close(resolve));
  expect(stored).toEqual([]);
});

it('keeps a file of the largest size, and refuses one of a byte more', async () => {
  const { artifacts, stored, write, ...folders } = world();
  write('largest', 'x'.repeat(LIMITS.artifactBytesMax));
  write('larger', 'x'.repeat(LIMITS.artifactBytesMax + 1));
  expect(await storeFile(artifacts, folders, 'largest')).toMatchObject({ bytes: LIMITS.artifactBytesMax });
  await expect(storeFile(artifacts, folders, 'larger')).rejects.toMatchObject({
    message: expect.stringContaining('is larger than'),
  });
  expect(stored).toHaveLength(1);
});

const UNNAMEABLE = ['a\0b', 'x'.repeat(300), 'x/'.repeat(3_000)];

it.each(UNNAMEABLE)('refuses a name that no file can have, in one line', async (path) => {
  const { artifacts, stored, ...folders } = world();
  await expect(storeFile(artifacts, folders, path)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [['files']],
    message: expect.not.stringMatching(/\p{Cc}|.{1000}/u),
  });
  expect(stored).toEqual([]);
});

describe('a working directory', () => {
  it.each(UNNAMEABLE)('is none that cannot be', async (path) => {
    await expect(realDirectory(world(), `/tmp/${path}`)).rejects.toMatchObject({
      code: 'invalid_input',
      details: [['directory']],
    });
  });

  const SYSTEM = ['/', '/etc', '/proc', '/proc/self', '/sys', '/dev', '/dev/fd', '/usr', '/usr/bin', '/bin'];
  it.each([...SYSTEM, '/run', '/var/log', '/boot', '/var'].filter((path) => existsSync(path)))(
    'is none of the system: %s',
    async (path) => {
      const folders = world();
      const link = join(folders.directory, 'link');
      symlinkSync(path, link);
      for (const named of [path, `${path}/.`, link]) {
        await expect(realDirectory(folders, named)).rejects.toMatchObject({
          code: 'invalid_input',
          message: expect.stringMatching(/expected a working directory.*of the system$/),
          details: [['directory']],
        });
      }
    },
  );

  it.each(['.', 'home', 'home/workspaces', 'home/archive/deep', 'elsewhere'])(
    'is none that is in or above the home of Pawl: %s',
    async (path) => {
      const folders = world();
      for (const home of [folders.home, join(folders.directory, 'elsewhere')]) {
        await expect(
          realDirectory({ ...folders, home }, join(folders.directory, path)),
        ).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('Pawl') });
      }
    },
  );

  it.each(['.', '.ssh', '.config/gh', '..data', '..'])(
    'is none that is, holds, or is private in the home of the user: %s',
    async (path) => {
      const folders = world();
      const [userHome = ''] = folders.userHomes;
      const named = join(userHome, path);
      mkdirSync(named, { recursive: true });
      const link = join(folders.directory, 'way');
      symlinkSync(userHome, link);
      for (const userHomes of [[userHome], ['/nonexistent', link]])
        await expect(realDirectory({ ...folders, userHomes }, named)).rejects.toMatchObject({
          code: 'invalid_input',
          message: expect.stringMatching(/expected a working directory.*home folder of the engine's user/),
        });
    },
  );

  it.each(['/home', '/opt', '/mnt', '/root', '/var/lib'].filter((path) => existsSync(path)))(
    'is none that holds the folders of others: %s',
    async (path) => {
      await expect(realDirectory(world(), path)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('holds the folders of others'),
      });
    },
  );

  it('is a project of the user, and a workspace where the home of Pawl is private', async () => {
    const { userHomes, ...folders } = world();
    const [userHome = ''] = userHomes;
    const home = join(userHome, '.local/state/pawl');
    const workspaces = join(home, 'workspaces');
    for (const path of [join(userHome, 'shop/.hidden'), join(workspaces, 'task')]) {
      mkdirSync(path, { recursive: true });
      expect(await realDirectory({ ...folders, userHomes, home, workspaces }, path)).toBe(path);
    }
  });

  it('is a project, or the workspace of a task', async () => {
    const folders = world();
    const project = realpathSync(scratchFolder('other'));
    expect(await realDirectory(folders, project)).toBe(project);
    const workspace = join(folders.workspaces, 'task');
    expect(await realDirectory(folders, workspace)).toBe(workspace);
  });
});
