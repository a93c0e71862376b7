/** Files of a workspace as a person looks at them: an agent chose what is there, and nothing that lies elsewhere is read. */
import { linkSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listWorkspace, readInWorkspace } from '../../../src/adapters/files/workspace-files.ts';
import { LIMITS } from '../../../src/domain/limits.ts';
import { scratchFolder } from '../scratch-repository.ts';

function world() {
  const home = realpathSync(scratchFolder('home'));
  const workspaces = join(home, 'workspaces');
  const folder = join(workspaces, 'fix');
  const write = (path: string, content: string | Uint8Array) => {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  write('token', 'secret');
  write('archive/one.json', 'secret');
  write('workspaces/other/a.txt', 'of another task');
  write('workspaces/fix/README.md', 'one\ntwo\n');
  write('workspaces/fix/src/deep/a.ts', 'one\ntwo');
  write('workspaces/fix/.git/config', 'secret');
  write('workspaces/fix/node_modules/x/index.js', 'of others');
  write('workspaces/fix/picture.png', new Uint8Array([0x89, 0x50, 0, 0xff]));
  write('workspaces/fix/%2e%2e', 'an odd name');
  symlinkSync(join(home, 'token'), join(folder, 'innocent.txt'));
  symlinkSync(join(folder, 'README.md'), join(folder, 'readme.txt'));
  symlinkSync(home, join(folder, 'elsewhere'));
  symlinkSync('/etc', join(folder, 'etc'));
  linkSync(join(home, 'token'), join(folder, 'linked.txt'));
  linkSync(join(home, 'archive/one.json'), join(folder, 'src', 'linked.json'));
  return { folder, write, folders: { home, workspaces, userHomes: ['/home/nobody'] } };
}

it.each([
  ...['../other/a.txt', '../../token', '..', 'src/../../../token', './README.md', 'src//deep/a.ts'],
  ...['/etc/passwd', '/etc/hostname', '/', 'README.md/', 'README.md\0', '\0'],
  ...['innocent.txt', 'elsewhere/token', 'elsewhere/workspaces/fix/README.md', 'etc/passwd', 'readme.txt'],
  ...['linked.txt', 'src/linked.json', '.git/config', '.GIT/config'],
])('refuses %j', async (path) => {
  const { folder, folders } = world();
  const read = readInWorkspace(folders, folder, path);
  await expect(read).rejects.toMatchObject({ code: 'forbidden' });
  await expect(read).rejects.not.toThrow(/secret/);
});

it('reads a file of it, and says of others what they are', async () => {
  const { folder, folders, write } = world();
  const read = (path: string) => readInWorkspace(folders, folder, path);
  expect(await read('src/deep/a.ts')).toMatchObject({ content: Buffer.from('one\ntwo'), isText: true });
  expect(await read('picture.png')).toMatchObject({ isText: false });
  // Only what HTTP has decoded already means another folder.
  expect(await read('%2e%2e')).toMatchObject({ content: Buffer.from('an odd name') });
  expect(await read('node_modules/x/index.js')).toMatchObject({ isText: true });
  await expect(read('none.txt')).rejects.toMatchObject({ code: 'not_found' });
  await expect(read('%2e%2e/token')).rejects.toMatchObject({ code: 'not_found' });
  await expect(read('src')).rejects.toMatchObject({ code: 'invalid_input' });
  write('workspaces/fix/large.txt', 'x'.repeat(LIMITS.workspaceFileBytesMax + 1));
  await expect(read('large.txt')).rejects.toMatchObject({ code: 'invalid_input' });
});

it('lists files, those near the top first, and neither links nor what is left out', async () => {
  const { folder } = world();
  const { files = [], isCut } = (await listWorkspace(folder)) ?? {};
  expect(files.map(({ path, bytes, lines }) => [path, bytes, lines])).toEqual([
    ['%2e%2e', 11, 1],
    ['README.md', 8, 2],
    // It has another name elsewhere, and nothing but its length is told.
    ['linked.txt', 6, undefined],
    ['picture.png', 4, undefined],
    ['src/linked.json', 6, undefined],
    ['src/deep/a.ts', 7, 2],
  ]);
  expect(isCut).toBe(false);
});

it('knows that there is no workspace, or a link in its place', async () => {
  const { folder, folders } = world();
  rmSync(folder, { recursive: true });
  expect(await listWorkspace(folder)).toBeUndefined();
  expect(await readInWorkspace(folders, folder, 'README.md')).toBeUndefined();
  symlinkSync(folders.home, folder);
  expect(await listWorkspace(folder)).toBeUndefined();
  expect(await readInWorkspace(folders, folder, 'token')).toBeUndefined();
});

it('lists a bounded number of files', async () => {
  const { folder, write } = world();
  for (let n = 0; n < LIMITS.workspaceFilesListedMax + 1; n += 1) write(`workspaces/fix/many/${n}`, '');
  const listing = await listWorkspace(folder);
  expect(listing).toMatchObject({ isCut: true });
  expect(listing?.files).toHaveLength(LIMITS.workspaceFilesListedMax);
});

it('gives nothing of elsewhere for any path', async () => {
  const { folder, folders } = world();
  const part = fc.constantFrom(
    ...['..', '.', '', 'src', 'deep', 'a.ts', 'README.md', 'linked.txt', 'innocent.txt', 'elsewhere'],
    ...[
      'token',
      'workspaces',
      'fix',
      'other',
      'a.txt',
      '.git',
      'config',
      'archive',
      'one.json',
      'linked.json',
    ],
    ...['%2e%2e', '%2f', '..\\', '\0', '~', '/', 'etc', 'passwd', folder, folders.home],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
      const read = readInWorkspace(folders, folder, parts.join('/')).then(
        (file) => file?.content.toString(),
        ({ code }) => code,
      );
      expect(['one\ntwo', 'one\ntwo\n', 'an odd name', 'forbidden', 'not_found', 'invalid_input']).toContain(
        await read,
      );
    }),
    { numRuns: 300 },
  );
});

it('gives nothing of elsewhere while its folders become links, and come back', async () => {
  const { folder, folders, write } = world();
  write('workspaces/fix/src/token', 'own');
  const src = join(folder, 'src');
  const aside = join(folder, 'aside');
  const swap = () => {
    renameSync(src, aside);
    symlinkSync(folders.home, src);
    setImmediate(() => {
      rmSync(src);
      renameSync(aside, src);
    });
  };
  for (let n = 0; n < 100; n += 1) {
    // Each time at another step of the look.
    const reading = readInWorkspace(folders, folder, 'src/token').then(
      (file) => file?.content.toString(),
      ({ code }) => code,
    );
    const listing = listWorkspace(folder);
    for (let turns = 0; turns < n % 20; turns += 1) await new Promise(setImmediate);
    swap();
    expect(['own', 'forbidden', 'not_found', 'conflict']).toContain(await reading);
    const { files = [] } = (await listing) ?? {};
    expect(files.filter(({ path }) => path.startsWith('src/archive'))).toEqual([]);
    await new Promise(setImmediate);
  }
});
